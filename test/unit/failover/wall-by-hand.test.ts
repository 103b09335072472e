import { describe, expect, it } from "vitest";
import type { FailoverRun } from "../../../functions/core/contract/failover.ts";
import type { Node } from "../../../functions/core/contract/failover-topology.ts";
import { next } from "../../../functions/core/failover/run.ts";
import { aGroup, aLook, aRun, noon, seenOf, withNode } from "../../support/failover-builder.ts";

const of = { at: noon, tries: 1, unclear: false, answer: "done" as const, says: null };
const hours = 5 * 3_600_000;
const base = aRun({
  ...{ method: "promote-replica", candidate: "orders-db-1", oldPrimary: "orders-db", group: "orders-db" },
  ...{ token: 7, phase: "compensate", groupsBefore: ["sg-app"], sent: { wall: of } },
  ending: { status: "held", phase: "check", says: "Nothing was promoted.", nextCommand: "x" },
});
const look = aLook({ writable: true, clients: 50, traces: false });

function compensating(
  run: FailoverRun,
  old: Partial<Node>,
  ms: number,
  quarantineGroup: string | null = "sg-quarantine",
) {
  const group = withNode(aGroup({ quarantineGroup }), "orders-db", { look, ...old });
  return next(run, seenOf(group, { now: noon + ms }));
}

describe("a wall that somebody took away by hand", () => {
  it("F5 is gone: the groups that they gave it are not overwritten hours later", () => {
    const step = compensating(base, { securityGroups: ["sg-app", "sg-new-workers"] }, hours);
    expect(step).toMatchObject({ effect: { kind: "announce" } });
    expect(step.run.givenBack).toBe(noon + hours);
  });

  it("F5 is not gone while its call may still arrive, nor where nobody sees which groups it has", () => {
    const unwall = { effect: { kind: "unwall", groups: ["sg-app"] } };
    expect(compensating(base, { securityGroups: ["sg-app"] }, 30_000)).toMatchObject(unwall);
    expect(compensating(base, { securityGroups: null }, hours)).toMatchObject(unwall);
    expect(compensating(base, { securityGroups: ["sg-quarantine"] }, hours)).toMatchObject(unwall);
    expect(compensating(base, { securityGroups: ["sg-was-quarantine"] }, hours, null)).toMatchObject(unwall);
  });
});

describe("a wall before which nobody knows which groups there were", () => {
  it("F5 is taken away by no call without groups: people are told, with a command that shows it", () => {
    const step = compensating({ ...base, groupsBefore: null }, { securityGroups: ["sg-quarantine"] }, hours);
    expect(step).toMatchObject({ effect: { kind: "announce" } });
    expect(step.run.ending).toMatchObject({
      status: "failed",
      says: expect.stringContaining("STILL FENCED: its groups are not known"),
      nextCommand: expect.stringMatching(
        /^aws rds describe-db-instances --db-instance-identifier orders-db && /,
      ),
    });
  });
});
