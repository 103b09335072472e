import { DescribeDBInstancesCommand, RebootDBInstanceCommand } from "@aws-sdk/client-rds";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { createRdsChangeClient } from "../../../functions/adapters/aws/clients.ts";
import { rdsChangesIn } from "../../../functions/adapters/aws/rds-changes-in.ts";
import { executeAwsOrder } from "../../../functions/core/actions/execute-aws.ts";
import type { Outcome, WorkOrder } from "../../../functions/core/contract/work-order.ts";
import { type AwsFault, faultBefore } from "../../faults/aws-faults.ts";
import { type FaultProxy, startFaultProxy } from "../../lab/endpoint/fault-proxy.ts";
import { type Lab, startLab } from "../../lab/rds/start-lab.ts";
import { anAwsOrder, changeableTarget } from "../../support/rds-builder.ts";
import { createSkippingClock } from "../../support/skipping-clock.ts";
import { askDatabase, clientOf } from "./rds-lab-support.ts";

describe("A24 a parameter group of its own reaches its PostgreSQL 17", () => {
  let lab: Lab;
  let proxy: FaultProxy;
  const clock = createSkippingClock();
  beforeAll(async () => {
    lab = await startLab({ engine: "postgres", topology: "primary-replica" });
    proxy = await startFaultProxy("http", lab.endpoint);
    vi.stubEnv("AWS_ACCESS_KEY_ID", "lab");
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", "lab");
    // Endpoint and proxy load a service with its first call, which takes longer than anybody waits.
    const { region } = lab;
    const patient = createRdsChangeClient({ region, endpoint: `http://127.0.0.1:${proxy.port}` });
    await patient.send(new DescribeDBInstancesCommand({}));
  }, 120_000);
  afterAll(async () => {
    vi.unstubAllEnvs();
    await proxy?.stop();
    await lab?.stop();
  });

  const described = async () => {
    const asked = new DescribeDBInstancesCommand({ DBInstanceIdentifier: "orders-1" });
    return (await clientOf(lab).send(asked)).DBInstances?.[0];
  };
  const times = () => ({
    issuedAt: new Date(clock.now()).toISOString(),
    expiresAt: new Date(clock.now() + 60_000).toISOString(),
  });
  async function orderFor(
    id: "own-parameter-group" | "use-parameter-group",
    input: object,
  ): Promise<WorkOrder> {
    const resourceId = (await described())?.DbiResourceId ?? null;
    const target = { ...changeableTarget, name: "orders-1", resourceId };
    return anAwsOrder(id, { target, ...times() }, { of: "orders-1", resourceId, ...input });
  }
  const own = (name: string, group = "orders-parameters") =>
    orderFor("own-parameter-group", {
      ...{ group, name: `responder-${name}` },
      values: [{ name: "max_connections", value: "77" }],
    });
  const execute = (order: WorkOrder, repeated = false): Promise<Outcome> => {
    const aws = { region: lab.region, endpoint: `http://127.0.0.1:${proxy.port}` };
    const deps = { rds: rdsChangesIn(aws), clock, repeated };
    return executeAwsOrder(order, deps, AbortSignal.timeout(45_000));
  };
  const follow = (order: WorkOrder, { running }: Outcome): Promise<Outcome> => {
    if (running === undefined) throw new Error("it is not running");
    return execute({ ...order, ...times(), follows: { ...running, mayTidy: true } });
  };
  const groupOf = async () => (await described())?.DBParameterGroups?.[0]?.DBParameterGroupName;
  const restarted = async (): Promise<string | null> => {
    await clientOf(lab).send(new RebootDBInstanceCommand({ DBInstanceIdentifier: "orders-1" }));
    await lab.settled();
    const shown = "select current_setting('max_connections') as answer";
    return askDatabase(lab.database("orders-1"), shown);
  };
  const undoOf = ({ undo }: Outcome): Promise<WorkOrder> =>
    orderFor("use-parameter-group", JSON.parse(JSON.stringify(undo?.input)));

  it("sets a static value for this database alone, and goes back by the undo that it left", async () => {
    const order = await own("orders-own");
    const began = await execute(order);
    expect(began.summary).toContain("has made");
    expect(began.steps.map(({ says }) => says).join(" ")).toContain("used by orders-2, too: they keep it");
    const done = await follow(order, began);
    expect(done).toMatchObject({ status: "done", undo: { actionId: "use-parameter-group" } });
    expect(await restarted()).toBe("77");
    const back = await undoOf(done);
    const undone = await follow(back, await execute(back));
    expect(undone).toMatchObject({ status: "done", undo: { input: { to: "responder-orders-own" } } });
    expect(await restarted()).toBe("100");
    const another = { ...order, orderId: "ord-of-somebody-else" };
    expect((await execute(another)).refusal?.guard).toBe("name-taken");
  });

  const calls = ["CopyDBParameterGroup", "ModifyDBParameterGroup", "ModifyDBInstance"] as const;
  const faults: readonly AwsFault[] = ["throttled", "refused", "reset", "hung", "lost"];
  it.each(calls.flatMap((call) => faults.map((fault) => [call, fault] as const)))(
    "Q9 tells the truth, and gives the group once, when %s is %s",
    async (call, fault) => {
      const name = `${call.replaceAll("DB", "").toLowerCase()}-${fault}`;
      const order = await own(name);
      await proxy.inject([faultBefore(`rds:${call}`, fault, 1)]);
      const began = await execute(order);
      expect(await proxy.fired()).toHaveLength(1);
      await proxy.inject([]);
      expect(began.mayHaveActed).toBe(
        call !== "CopyDBParameterGroup" || !["throttled", "refused"].includes(fault),
      );
      const ended = await toItsEnd(order, began);
      if (ended.status !== "done") {
        expect(await groupOf()).toBe("orders-parameters");
        return;
      }
      expect(await groupOf()).toBe(`responder-${name}`);
      const back = await undoOf(ended);
      expect((await follow(back, await execute(back))).status).toBe("done");
    },
  );

  async function toItsEnd(order: WorkOrder, began: Outcome): Promise<Outcome> {
    let outcome = began;
    for (let look = 0; look < 4 && outcome.status === "running"; look += 1) {
      clock.skip(look === 2 ? 130_000 : 1000);
      outcome = await follow(order, outcome);
    }
    expect(outcome.status).not.toBe("running");
    return outcome;
  }
});
