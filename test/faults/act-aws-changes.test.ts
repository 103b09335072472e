import { DescribeDBInstancesCommand, RDSClient } from "@aws-sdk/client-rds";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { createRdsChangeClient, createRdsClient } from "../../functions/adapters/aws/clients.ts";
import { createCloudTrailCalls } from "../../functions/adapters/aws/cloudtrail-calls.ts";
import { createCloudTrailClient } from "../../functions/adapters/aws/context-clients.ts";
import { createRdsChanges } from "../../functions/adapters/aws/rds-changes.ts";
import { executeAwsOrder } from "../../functions/core/actions/execute-aws.ts";
import type { Outcome, WorkOrder } from "../../functions/core/contract/work-order.ts";
import { type FaultProxy, type FaultRule, startFaultProxy } from "../lab/endpoint/fault-proxy.ts";
import { type Lab, startLab } from "../lab/rds/start-lab.ts";
import { anAwsOrder } from "../support/rds-builder.ts";
import { createSkippingClock } from "../support/skipping-clock.ts";
import { changeScenes, makeWorld } from "./aws-change-scenes.ts";
import { type ChangeFault, type ChangeId, changeCalls, changeRows } from "./aws-change-table.ts";
import { faultBefore } from "./aws-faults.ts";

describe("changes on AWS, behind faults, reach a real PostgreSQL once", () => {
  let lab: Lab;
  let proxy: FaultProxy;
  let clock = createSkippingClock();
  let scenes: ReturnType<typeof changeScenes>;
  const behind = () => ({ region: lab.region, endpoint: `http://127.0.0.1:${proxy.port}` });
  beforeAll(async () => {
    vi.stubEnv("AWS_ACCESS_KEY_ID", "lab");
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", "lab");
    const delays = { modifyMs: 50, rebootMs: 50, createMs: 50, optimizeMs: 50 };
    lab = await startLab({ engine: "postgres", major: 17, topology: "single", delays });
    proxy = await startFaultProxy("http", lab.endpoint);
    // Endpoint and proxy load a service with its first call, which takes longer than anybody waits.
    await createRdsChangeClient(behind()).send(new DescribeDBInstancesCommand({}));
    await makeWorld(direct(), "postgres17");
    scenes = changeScenes(direct(), makeReader);
  }, 120_000);
  afterAll(async () => {
    vi.unstubAllEnvs();
    await proxy?.stop();
    await lab?.stop();
  });

  const direct = () => new RDSClient({ region: lab.region, endpoint: lab.endpoint });
  const times = () => ({
    issuedAt: new Date(clock.now()).toISOString(),
    expiresAt: new Date(clock.now() + 60_000).toISOString(),
  });
  function changes(isImpatient: boolean) {
    const requestHandler = { requestTimeout: 1000, throwOnRequestTimeout: true };
    const impatient = new RDSClient({ ...behind(), maxAttempts: 1, requestHandler });
    const callsOn = createCloudTrailCalls(createCloudTrailClient(behind()));
    const writes = isImpatient ? impatient : createRdsChangeClient(behind());
    return createRdsChanges({ reads: createRdsClient(behind()), writes, callsOn });
  }
  const execute = (order: WorkOrder, { repeated = false, isImpatient = false } = {}): Promise<Outcome> =>
    executeAwsOrder(order, { rds: changes(isImpatient), clock, repeated }, AbortSignal.timeout(45_000));
  async function toTheEnd(order: WorkOrder, began: Outcome): Promise<Outcome> {
    let last = began;
    for (let look = 0; look < 6 && last.running !== undefined; look += 1) {
      await lab.settled();
      last = await execute({ ...order, ...times(), follows: { ...last.running, mayTidy: true } });
    }
    return last;
  }
  const makeReader = async (name: string): Promise<void> => {
    const { target } = await scenes["add-reader"]();
    const order = anAwsOrder("add-reader", { target, ...times() }, { of: "orders-1", name });
    await toTheEnd(order, await execute(order));
  };
  const ruleOf = (operation: string, code: string, fault: ChangeFault): FaultRule => {
    const call = `rds:${operation}` as const;
    if (fault === "dead after it") return faultBefore(call, "lost", 1);
    if (fault !== "typed error") return faultBefore(call, fault, 1);
    return { service: "rds", operation, times: 1, error: { code, status: 400, message: "said RDS" } };
  };

  /** The order after its fault, and what it would change. */
  async function befallen(id: ChangeId, fault: ChangeFault) {
    clock = createSkippingClock();
    await proxy.inject([]);
    const { target, input, state } = await scenes[id]();
    const before = await state();
    const [operation, code] = changeCalls[id];
    await proxy.inject([ruleOf(operation, code, fault)]);
    const order = anAwsOrder(id, { target, ...times() }, input);
    const outcome = await execute(order, { isImpatient: fault === "hung" });
    expect(await proxy.fired(), outcome.summary).toHaveLength(1);
    return { order, outcome, before, state, call: `rds:${operation}` as const };
  }
  async function refused(id: ChangeId, fault: ChangeFault): Promise<void> {
    const { outcome, before, state } = await befallen(id, fault);
    expect(outcome).toMatchObject({ status: "refused", mayHaveActed: false });
    expect(outcome.summary).toMatch(fault === "throttled" ? /takes no more calls/ : /said RDS/);
    expect(await state()).toEqual(before);
  }

  async function looksForIt(id: ChangeId, fault: ChangeFault): Promise<void> {
    const { order, outcome, before, state } = await befallen(id, fault);
    expect(outcome, outcome.summary).toMatchObject({ status: "running", mayHaveActed: true });
    expect(outcome.summary).toContain("may have been taken");
    clock.skip(310_000);
    const ended = await toTheEnd(order, outcome);
    expect(ended, ended.summary).toMatchObject({ status: "failed", mayHaveActed: true });
    expect(await state()).toEqual(before);
  }

  async function findsItDone(id: ChangeId, fault: ChangeFault): Promise<void> {
    const { order, outcome, before, state, call } = await befallen(id, fault);
    expect(outcome, outcome.summary).toMatchObject({ status: "running", mayHaveActed: true });
    expect(outcome.summary).toContain("may have been taken");
    // A call that is sent again meets a fault of its own, and is seen by that.
    await proxy.inject([faultBefore(call, "refused")]);
    // Of a function that died nobody has that outcome: another attempt finds what there is.
    const known = fault === "lost" ? outcome : await execute(order, { repeated: true });
    const ended = await toTheEnd(order, known);
    expect(ended.status, ended.summary).toMatch(/done$/);
    expect(await state()).not.toEqual(before);
    if (!call.endsWith("ParameterGroup") || id === "own-parameter-group")
      expect(await proxy.fired()).toEqual([]);
  }

  const checks = {
    ...{ "typed error": refused, throttled: refused, hung: looksForIt, reset: looksForIt },
    ...{ lost: findsItDone, "dead after it": findsItDone },
  };
  it.each(changeRows)("Q9 %s acts once, and the record tells the truth, when its call is %s", (id, fault) =>
    checks[fault](id, fault),
  );
});
