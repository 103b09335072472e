import { describe, expect, it } from "vitest";
import { createMemoryRdsChanges } from "../../functions/adapters/memory/memory-rds-changes.ts";
import { executeAwsOrder } from "../../functions/core/actions/execute-aws.ts";
import type { FailoverExecution, Failovers } from "../../functions/core/change-ports.ts";
import { failoverStateSchema } from "../../functions/core/contract/failover-machine.ts";
import type { Outcome, WorkOrder } from "../../functions/core/contract/work-order.ts";
import { createFailoverLab } from "../support/failover-lab.ts";
import { anApproval, aProposal, aTarget } from "../support/incident-builder.ts";
import { anAwsOrder } from "../support/rds-builder.ts";

type Lab = ReturnType<typeof createFailoverLab>;

const wantsSecond = { failover: { approval: "second-person" } };

/** The failover's own machine, as Step Functions shows it to whoever started it. */
function machineOf(lab: Lab): Failovers {
  const ended = new Map<string, Promise<FailoverExecution>>();
  return {
    start: async (name, input) => {
      if (!ended.has(name)) ended.set(name, lab.start(name, input).then(executionOf));
    },
    execution: async (name) => (await ended.get(name)) ?? null,
  };
}

function executionOf({ output, error }: Awaited<ReturnType<Lab["start"]>>): FailoverExecution {
  const state = failoverStateSchema.safeParse(output).data;
  if (state === undefined) return { is: "failed", says: error ?? "no output", nextCommand: null };
  return { is: state.status === "done" ? "done" : "held", says: state.says, nextCommand: state.nextCommand };
}

async function clicked(settings: object, primary: "up" | "down") {
  const lab = createFailoverLab({ settings });
  const old = lab.world.set.servers.get("orders-db");
  if (old !== undefined) old.power = primary;
  // Long enough ago that CloudWatch shows it, and the replicas have noticed.
  lab.skip(90_000);
  const expiresAt = new Date(lab.clock.now() + 900_000).toISOString();
  const input = { database: "orders-db", reason: "not reached" };
  const proposal = aProposal({ id: "start-failover", spec: ["A31", "A40"], input });
  const target = aTarget({ name: "orders-db" });
  await lab.incidents.putApproval(
    anApproval({ id: "card-1", status: "approved", expiresAt, proposal, target }),
  );
  const failovers = machineOf(lab);
  const now = lab.clock.now();
  const order: WorkOrder = anAwsOrder("start-failover", {
    ...{ approvalId: "card-1", issuedAt: new Date(now).toISOString() },
    expiresAt: new Date(now + 60_000).toISOString(),
  });
  const rds = createMemoryRdsChanges({ clock: lab.clock, databases: [] });
  const execute = (one: WorkOrder) =>
    executeAwsOrder(one, { rds, clock: lab.clock, failovers, repeated: false }, AbortSignal.timeout(10_000));
  const follow = ({ running }: Outcome) => {
    if (running === undefined) throw new Error("nothing was begun");
    const expires = new Date(lab.clock.now() + 60_000).toISOString();
    return execute({ ...order, expiresAt: expires, follows: { ...running, mayTidy: true } });
  };
  return { lab, execute: () => execute(order), follow };
}

describe("a failover by one click on a card", () => {
  it("A31 F5 goes from the card to the new primary without a second card, also where a second person is wanted", async () => {
    const { lab, execute, follow } = await clicked(wantsSecond, "down");
    const after = await follow(await execute());
    expect(after.status).toBe("done");
    expect(lab.world.promoted).toEqual(["orders-db-1"]);
    expect(lab.world.name).toBe("orders-db-1");
  });

  it("A31 promotes nobody where the primary turns out to be well, and says so with what a person may do", async () => {
    const { lab, execute, follow } = await clicked({}, "up");
    const after = await follow(await execute());
    expect(lab.world.promoted).toEqual([]);
    expect(after).toMatchObject({ status: "not-verified" });
    expect(after.summary).toContain("primary-alive");
    expect(after.summary).toContain("Next: responder failover");
  });
});
