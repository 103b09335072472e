import { describe, expect, it } from "vitest";
import { next } from "../../../functions/core/failover/run.ts";
import { keepWatch } from "../../../functions/core/failover/watch-duty.ts";
import {
  aGroup,
  aLook,
  aNode,
  anInput,
  aRun,
  noon,
  seenOf,
  withNode,
} from "../../support/failover-builder.ts";

const of = { at: noon, tries: 1, unclear: false, answer: "done" as const, says: null };
const run = aRun({
  ...{ method: "promote-replica", candidate: "orders-db-1", oldPrimary: "orders-db", group: "orders-db" },
  ...{ token: 7, oldResource: "db-OLD", groupsBefore: ["sg-app"], phase: "fence" },
});
const without = aGroup({ nodes: [aNode("orders-db-1", { look: aLook({ receiving: false }) })] });
const late = { now: noon + 90_000 };
const forced = { ...run, input: anInput({ force: ["old-primary-unfenced"] }) };

describe("an old primary that RDS does not show", () => {
  it("F5 is not gone: it is looked for, and nobody is promoted", () => {
    expect(next(run, seenOf(without))).toMatchObject({ is: "wait", says: "RDS does not show orders-db" });
    expect(next(run, seenOf(without, late)).run.ending).toMatchObject({
      status: "held",
      says: expect.stringContaining("RDS does not show it, which is not that it is gone"),
      nextCommand: expect.stringContaining("--force old-primary-unfenced"),
    });
  });

  it("F5 is watched for where that is overridden, and for as long as it is not shown", () => {
    const step = next(forced, seenOf(without, late));
    expect(step.run).toMatchObject({ fencedBy: "unseen", overridden: ["old-primary-unfenced"] });
    const ended = { status: "failed" as const, phase: "wait" as const, says: "x", nextCommand: "y" };
    const told = { ...step.run, phase: "announce" as const, sent: { execute: of }, ending: ended };
    const [duty] = next(told, seenOf(without, late)).run.duties;
    expect(duty).toMatchObject({
      node: "orders-db",
      unseen: true,
      because: expect.stringContaining("not show"),
    });
    if (duty === undefined) throw new Error("nothing is watched for");
    expect(keepWatch(duty, without).is).toBe("watch");
    const moved = { ...aGroup(), primary: "orders-db-1" };
    const back = withNode(moved, "orders-db", { resourceId: "db-OLD", look: aLook({ writable: true }) });
    expect(keepWatch(duty, back).is).toBe("fence");
  });

  it("F5 is fenced when it shows: anew before the call, by its wall behind it", () => {
    const unseen = { ...run, fencedBy: "unseen" as const, phase: "catch-up" as const };
    expect(next(unseen, seenOf(aGroup()))).toMatchObject({
      effect: { kind: "wall" },
      run: { phase: "fence" },
    });
    const behind = { ...unseen, phase: "wait" as const, sent: { execute: of } };
    expect(next(behind, seenOf(aGroup()))).toMatchObject({
      effect: { kind: "wall" },
      run: { phase: "wait" },
    });
  });
});

describe("what a done run says of its old primary", () => {
  const promoted = { replicaOf: null, role: "writer" as const, look: aLook({ writable: true }) };
  const moved = withNode(aGroup({ primary: "orders-db-1" }), "orders-db-1", promoted);
  const rebuilding = { ...run, phase: "rebuild" as const, sent: { execute: of, rebuild: of } };
  const replica = aNode("orders-db-1-replica", { replicaOf: "orders-db-1" });
  const shown = { ...moved, nodes: [...moved.nodes, replica] };

  it("F6 proposes to delete it by name only where the name is still its own", () => {
    const own = withNode(shown, "orders-db", { resourceId: "db-OLD" });
    const tagged = { ...rebuilding, sent: { ...rebuilding.sent, tag: of } };
    expect(next(tagged, seenOf(own)).run.ending?.nextCommand).toContain("delete-db-instance");
    const other = next(rebuilding, seenOf(withNode(shown, "orders-db", { resourceId: "db-NEW" })));
    expect(other.run.ending).toMatchObject({
      status: "done",
      nextCommand: "aws rds describe-db-instances --filters Name=dbi-resource-id,Values=db-OLD",
    });
    expect(JSON.stringify(other)).not.toContain('"kind":"tag"');
    expect(other.run.notes.join()).toContain("it was not tagged");
  });

  it("F5 gives no command by a name that is another instance's where its fence may stand", () => {
    const ending = { status: "held" as const, phase: "check" as const, says: "x", nextCommand: "y" };
    const back = { ...run, phase: "compensate" as const, ending, sent: { wall: of } };
    const renamed = withNode(aGroup(), "orders-db", { resourceId: "db-NEW" });
    const { nextCommand } = next(back, seenOf(renamed)).run.ending ?? {};
    expect(nextCommand).toContain("Values=db-OLD");
    expect(nextCommand).not.toContain("modify-db-instance");
  });
});
