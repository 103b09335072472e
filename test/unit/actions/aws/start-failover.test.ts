import { describe, expect, it } from "vitest";
import { createMemoryFailovers } from "../../../../functions/adapters/memory/memory-failovers.ts";
import { startFailoverOffer } from "../../../../functions/core/actions/aws/start-failover.ts";
import { executeAwsOrder } from "../../../../functions/core/actions/execute-aws.ts";
import type { FailoverExecution } from "../../../../functions/core/change-ports.ts";
import type { Outcome, WorkOrder } from "../../../../functions/core/contract/work-order.ts";
import { AwsError } from "../../../../functions/core/errors.ts";
import { awsWorld } from "../../../support/aws-world.ts";
import { aTarget } from "../../../support/evidence-builder.ts";
import { anAwsOrder } from "../../../support/rds-builder.ts";

const ordered = anAwsOrder("start-failover", { approvalId: "card-1", approvedBy: "U1" });

function world() {
  const { rds, clock } = awsWorld();
  const failovers = createMemoryFailovers();
  const execute = (order: WorkOrder, options: object = {}) =>
    executeAwsOrder(order, { rds, clock, failovers, repeated: false, ...options }, AbortSignal.timeout(5000));
  const follow = (order: WorkOrder, { running }: Outcome) => {
    if (running === undefined) throw new Error("it is not running");
    const expiresAt = new Date(clock.now() + 60_000).toISOString();
    return execute({ ...order, expiresAt, follows: { ...running, mayTidy: true } });
  };
  return { failovers, clock, execute, follow };
}

describe("A31 a failover from a card", () => {
  it("is started under the card's name, with the card as who agreed, and followed", async () => {
    const { failovers, execute, follow } = world();
    const outcome = await execute(ordered);
    expect(outcome).toMatchObject({ status: "running", mayHaveActed: true });
    expect([...failovers.started]).toEqual([
      ["card-1", { database: "orders-db", reason: "not reached", approvalId: "card-1" }],
    ]);
    expect((await follow(ordered, outcome)).summary).toContain("fo-card-1 goes on");
  });

  it.each<[FailoverExecution, Outcome["status"], string]>([
    [{ is: "done", says: "orders-db-1 is the primary.", nextCommand: "x" }, "done", "is the primary"],
    [
      { is: "held", says: "primary-alive stands.", nextCommand: "responder failover …" },
      "not-verified",
      "primary-alive stands. Next: responder failover …",
    ],
    [
      { is: "failed", says: "A step failed.", nextCommand: null },
      "failed",
      "Next: responder failover --show fo-card-1",
    ],
  ])("ends as the machine says: %j", async (execution, status, says) => {
    const { failovers, execute, follow } = world();
    const outcome = await execute(ordered);
    failovers.end("card-1", execution);
    const after = await follow(ordered, outcome);
    expect(after).toMatchObject({ status, mayHaveActed: true });
    expect(after.summary).toContain(says);
  });

  it("is one failover when the answer is lost and the order carried out again", async () => {
    const { failovers, execute } = world();
    failovers.answers.push("lost");
    const first = await execute(ordered);
    expect(first).toMatchObject({ status: "running", mayHaveActed: true });
    const again = await execute(ordered, { repeated: true });
    expect(again.summary).toContain("Found under way");
    expect(failovers.started.size).toBe(1);
  });

  it("that nobody sees after two minutes was not started, and that is said with who starts it", async () => {
    const { failovers, clock, execute, follow } = world();
    failovers.answers.push(new AwsError("TimeoutError", false, "no answer in time"));
    const outcome = await execute(ordered);
    expect((await follow(ordered, outcome)).status).toBe("running");
    await clock.advance(121_000);
    const after = await follow(ordered, outcome);
    expect(after).toMatchObject({ status: "failed" });
    expect(after.summary).toContain("nothing was done. A person starts it: responder failover");
  });

  it("is not started late, and one that an earlier attempt started is found then", async () => {
    const { failovers, clock, execute } = world();
    await clock.advance(90_000);
    const late = await execute(ordered, { repeated: true });
    expect(late).toMatchObject({ refusal: { guard: "order-expired" } });
    expect(failovers.started.size).toBe(0);
    await failovers.start("card-1", { database: "orders-db", reason: "x", approvalId: "card-1" });
    expect((await execute(ordered, { repeated: true })).status).toBe("running");
  });

  it.each([
    ["no-approval", { approvalId: undefined }, {}],
    ["no-failover-machine", {}, { failovers: null }],
    ["never-alone", { guards: { ...ordered.guards, unasked: true } }, {}],
    ["unknown-action", { input: { database: "" } }, {}],
    ["another-database", { input: { database: "bills-db", reason: "not reached" } }, {}],
  ])("is refused by %s, and nothing is started", async (guard, order, options) => {
    const { failovers, execute } = world();
    const { approvalId, ...rest } = { ...ordered, ...order };
    const outcome = await execute(approvalId === undefined ? rest : { ...rest, approvalId }, options);
    expect(outcome).toMatchObject({ status: "refused", mayHaveActed: false, refusal: { guard } });
    expect(failovers.started.size).toBe(0);
  });

  it("that Step Functions refuses is said with its words", async () => {
    const { failovers, execute } = world();
    failovers.answers.push(new AwsError("StateMachineDoesNotExist", true, "no such machine"));
    const outcome = await execute(ordered);
    expect(outcome).toMatchObject({ status: "refused", refusal: { guard: "aws-refused" } });
    expect(outcome.refusal?.reason).toContain("StateMachineDoesNotExist: no such machine");
  });

  it("shows what a person would type, whatever the reason holds", () => {
    const input = { database: "orders-db", reason: "it's down; $(rm -rf /)" };
    expect(startFailoverOffer.preview(input, aTarget({ region: "eu-west-1" }))).toBe(
      "responder failover orders-db --start --reason 'it'\\''s down; $(rm -rf /)' --region eu-west-1",
    );
  });
});
