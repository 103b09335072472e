import { describe, expect, it } from "vitest";
import type { FailoverRun } from "../../../functions/core/contract/failover.ts";
import { next } from "../../../functions/core/failover/run.ts";
import { aGroup, anInput, aRun, noon, seenOf, withNode } from "../../support/failover-builder.ts";

const duty = { kind: "watch-old-primary" as const, node: "orders-db", since: noon, because: "x" };
const before = aRun({
  ...{
    id: "run-0",
    phase: "ended",
    method: "promote-replica",
    candidate: "orders-9",
    oldPrimary: "orders-db",
  },
  ...{ oldResource: "db-OLD", duties: [duty] },
  ending: { status: "done", phase: "rebuild", says: "x", nextCommand: "y" },
});
const lastCall = { at: new Date(noon - 9_000_000).toISOString(), by: "run-0" };
const group = withNode(aGroup({ lastRun: "run-0", lastCall }), "orders-db", { resourceId: "db-OLD" });
const started = aRun({ phase: "lock", group: "orders-db", input: anInput({ force: true }) });

function endOf(earlier: FailoverRun, run = started, topology = group) {
  return next(run, seenOf(topology, { earlier: [earlier] })).run.ending;
}

describe("a primary that the failover before left, and that ended done", () => {
  it("F3 holds a failover of it, whatever is forced, and says what lifts it", () => {
    expect(endOf(before)).toMatchObject({
      status: "held",
      says: expect.stringContaining("left-before: orders-db was left by failover run-0, which ended done"),
      nextCommand: "aws rds describe-db-instances --db-instance-identifier orders-9",
    });
    expect(endOf(before)?.says).toContain("responder failover --gone run-0");
    // Renamed, RDS has it by that name no more.
    expect(endOf({ ...before, candidateResource: "db-NINE" })?.nextCommand).toContain("Values=db-NINE");
    const dry = aRun({ phase: "load", input: anInput({ dryRun: true }) });
    expect(endOf(before, dry)).toMatchObject({
      status: "held",
      says: expect.stringContaining("left-before"),
    });
  });

  it("F3 holds it also where a later failover moved the writer once more, and both that followed are gone", () => {
    const call = { at: new Date(noon - 5_000_000).toISOString(), by: "run-9" };
    const later = {
      ...before,
      id: "run-9",
      oldPrimary: "orders-9",
      oldResource: "db-9",
      candidate: "orders-10",
    };
    const seen = seenOf({ ...group, lastRun: "run-9", lastCall: call }, { earlier: [later, before] });
    expect(next(started, seen).run.ending?.says).toContain("orders-db was left by failover run-0");
  });

  it.each<[string, FailoverRun]>([
    ["whose watch a person ended", { ...before, duties: [] }],
    [
      "of which people were told that it is left as the primary",
      { ...before, duties: [{ ...duty, toldAt: noon }] },
    ],
    ["that people stayed with", { ...before, staysAt: noon }],
    [
      "of a failover that ended otherwise",
      { ...before, ending: { ...(before.ending ?? never()), status: "failed" } },
    ],
    ["under whose name another one is", { ...before, oldResource: "db-OTHER" }],
  ])("F3 holds none of one %s", (_, earlier) => {
    expect(endOf(earlier)?.says ?? "").not.toContain("left-before");
  });
});

function never(): never {
  throw new Error("it has ended");
}
