import { describe, expect, it } from "vitest";
import type { FailoverRun, Phase } from "../../../functions/core/contract/failover.ts";
import { redrive } from "../../../functions/core/failover/redrive.ts";
import { next } from "../../../functions/core/failover/run.ts";
import { isLongServed, keepWatch } from "../../../functions/core/failover/watch-duty.ts";
import { aGroup, aLook, aRun, noon, seenOf, withNode } from "../../support/failover-builder.ts";

const of = { at: noon, tries: 3, unclear: true, answer: "none" as const, says: null };
const sent = aRun({
  ...{ method: "promote-replica", candidate: "orders-db-1", oldPrimary: "orders-db", group: "orders-db" },
  ...{ token: 7, fencedBy: "nobody", names: aGroup().names, sent: { execute: of } },
});
const promoted = withNode(aGroup({ primary: "orders-db-1" }), "orders-db-1", {
  ...{ replicaOf: null, role: "writer", look: aLook({ writable: true }) },
});

describe("the old primary after a failover that ended badly", () => {
  it.each<[Phase, typeof promoted]>([
    ["execute", aGroup()],
    ["wait", withNode(promoted, "orders-db-1", { status: "modifying" })],
    ["prove-writable", withNode(promoted, "orders-db-1", { look: null })],
    ["prove-name", promoted],
  ])("F5 is watched for, and people are told so, where it ended in %s", (phase, topology) => {
    const step = next({ ...sent, phase }, seenOf(topology, { now: noon + 3_600_000 }));
    expect(step.run).toMatchObject({
      ending: { status: "failed", phase },
      duties: [{ kind: "watch-old-primary", node: "orders-db", because: "it could not be fenced" }],
    });
    expect(JSON.stringify(step)).toContain("Watched for");
  });

  it("F5 is told with what is not known of its fence, where a redrive ended before anybody had looked", () => {
    const ending = {
      status: "failed" as const,
      phase: "prove-writable" as const,
      says: "x",
      nextCommand: "y",
    };
    const again = redrive({ ...sent, fencedBy: "door", phase: "ended", ending }, noon + 3_600_000);
    const step = next(
      { ...again, phase: "execute", fencedBy: null },
      seenOf(withNode(promoted, "orders-db", { status: "failed" }), {
        ...{ now: noon + 3_600_000, lock: { run: "run-9", token: 8 } },
      }),
    );
    expect(step.run.duties).toMatchObject([
      { because: "whether the fence of before still stands was not seen" },
    ]);
  });

  it("F5 is not where the call was refused: nothing was promoted", () => {
    const refused = { ...sent, sent: { execute: { ...of, unclear: false, answer: "refused" as const } } };
    const step = next({ ...refused, phase: "execute" }, seenOf(aGroup(), { now: noon + 3_600_000 }));
    expect(step.run).toMatchObject({ ending: { status: "failed" }, duties: [] });
  });
});

describe("an old primary that takes writes", () => {
  const duty = { kind: "watch-old-primary" as const, node: "orders-db", since: noon, because: "x" };
  const known = { ...duty, resourceId: "db-OLD" };
  const busy = { look: aLook({ writable: true, clients: 50 }), resourceId: "db-OLD" };

  it("F5 is not fenced while it is the primary by RDS: people are told", () => {
    const step = keepWatch(duty, withNode(aGroup(), "orders-db", busy));
    expect(step).toMatchObject({ is: "leave", tell: expect.stringContaining("it is left as it is") });
    expect(keepWatch(known, withNode(promoted, "orders-db", busy)).is).toBe("fence");
  });

  it("F5 is left to the clients whom no name was moved off, once people knew of it for 16 minutes", () => {
    const told = { ...known, unfencedToldAt: noon };
    const step = (run: FailoverRun, minutes: number) => {
      const served = isLongServed(run, told, noon + minutes * 60_000);
      return keepWatch(told, withNode(promoted, "orders-db", busy), served);
    };
    expect(step(sent, 15).is).toBe("fence");
    expect(step(sent, 17)).toMatchObject({
      ...{ is: "leave", told: "toldAt", tell: expect.stringContaining("it is left as it is") },
    });
    expect(step({ ...sent, sent: { ...sent.sent, "point:0": of } }, 17).is).toBe("fence");
    expect(isLongServed(sent, known, noon + 3_600_000)).toBe(false);
    // Behind a failover that was done clients are on the new one, names or none: it is fenced whenever it can be.
    const ending = { status: "done" as const, phase: "rebuild" as const, says: "x", nextCommand: "y" };
    for (const names of [[], sent.names])
      expect(isLongServed({ ...sent, names, ending }, told, noon + 3_600_000)).toBe(false);
    expect(isLongServed({ ...sent, names: [] }, told, noon + 3_600_000)).toBe(true);
  });

  it("F5 is not fenced where another instance has its name: the new primary may have been renamed so", () => {
    const renamed = withNode(promoted, "orders-db", { ...busy, resourceId: "db-NEW" });
    expect(keepWatch(known, renamed)).toMatchObject({
      is: "over",
      says: expect.stringContaining("another instance by now"),
    });
    expect(keepWatch(known, withNode(promoted, "orders-db", { ...busy, resourceId: null })).is).toBe("fence");
  });

  it("F5 is known by its DbiResourceId from the moment it is chosen", () => {
    const group = withNode(aGroup(), "orders-db", { resourceId: "db-OLD" });
    const step = next(aRun({ phase: "lock", group: "orders-db" }), seenOf(group));
    expect(step.run.oldResource).toBe("db-OLD");
    const moved = next(
      { ...sent, oldResource: "db-OLD", phase: "prove-name" },
      seenOf(promoted, { now: noon + 3_600_000 }),
    );
    expect(moved.run.duties).toMatchObject([{ resourceId: "db-OLD" }]);
  });
});
