import { describe, expect, it } from "vitest";
import { next } from "../../../functions/core/failover/run.ts";
import { aGroup, aLook, aRun, lsn, noon, seenOf, withNode } from "../../support/failover-builder.ts";

const of = { at: noon, tries: 8, unclear: false, answer: "refused" as const, says: "must be owner" };
const base = aRun({
  ...{ method: "promote-replica", candidate: "orders-db-1", oldPrimary: "orders-db", group: "orders-db" },
  ...{ token: 7, names: aGroup().names, groupsBefore: ["sg-app"] },
});
const half = aLook({ writable: true, traces: true, written: lsn("0/500"), received: null, applied: null });

describe("a half fence", () => {
  const group = withNode(aGroup({ quarantineGroup: null }), "orders-db", { look: half });
  const seen = seenOf(group, { now: noon + 120_000 });

  it("F5 is taken off a primary that stays, also where every try was refused", () => {
    const step = next({ ...base, phase: "fence", sent: { fence: of } }, seen);
    expect(step).toMatchObject({
      effect: { kind: "unfence", node: "orders-db" },
      run: { phase: "compensate" },
    });
    expect(step.run.ending?.says).toContain("its door was refused: must be owner");
  });

  it("F5 is not gone while a trace of it stands", () => {
    const run = {
      ...base,
      phase: "compensate" as const,
      sent: { fence: { ...of, answer: "none" as const } },
    };
    expect(next(run, seen)).toMatchObject({ effect: { kind: "unfence" } });
    const clean = withNode(group, "orders-db", { look: { ...half, traces: false } });
    expect(next(run, { ...seen, topology: clean }).run.notes.join()).toContain("The fence was taken off");
  });

  const promotedLook = (traces: boolean) =>
    withNode(aGroup({ primary: "orders-db-1" }), "orders-db-1", {
      ...{ replicaOf: null, role: "writer", look: aLook({ writable: true, traces }) },
    });
  const proving = { ...base, phase: "prove-writable" as const, fencedBy: "restart" as const };
  const sent = { execute: { ...of, answer: "done" as const } };

  it("F6 is taken off a new primary, once in any case, before a name is moved", () => {
    const first = next({ ...proving, sent }, seenOf(promotedLook(false)));
    expect(first).toMatchObject({ effect: { kind: "unfence", node: "orders-db-1" } });
    const opened = { ...proving, sent: { ...sent, open: { ...of, answer: "done" as const } } };
    expect(next(opened, seenOf(promotedLook(false))).run.phase).toBe("repoint");
    const later = next(opened, seenOf(promotedLook(true), { now: noon + 4000 }));
    expect(later).toMatchObject({ effect: { kind: "unfence" }, run: { phase: "prove-writable" } });
    const never = next(opened, seenOf(promotedLook(true), { now: noon + 400_000 }));
    expect(never.is === "do" ? never.effect.kind : never.is).toBe("unfence");
  });
});
