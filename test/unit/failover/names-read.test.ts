import { describe, expect, it } from "vitest";
import { createMemoryFailover } from "../../../functions/adapters/memory/memory-failover.ts";
import type { FailoverRun } from "../../../functions/core/contract/failover.ts";
import { observe } from "../../../functions/core/failover/observe.ts";
import { next } from "../../../functions/core/failover/run.ts";
import {
  aGroup,
  aLook,
  aNode,
  anInput,
  aRun,
  noon,
  quiet,
  seenOf,
  withNode,
} from "../../support/failover-builder.ts";
import { createFailoverWorld } from "../../support/skipped-world.ts";

const of = { at: noon, tries: 1, unclear: false, answer: "done" as const, says: null };
const group = aGroup();
const [ref] = group.names;
const run = aRun({
  ...{ method: "promote-replica", candidate: "orders-db-1", oldPrimary: "orders-db", group: "orders-db" },
  ...{ token: 7, names: group.names, fencedBy: "door" },
});

async function readIn(of: Partial<FailoverRun>): Promise<number> {
  const ports = createMemoryFailover(createFailoverWorld(1).world);
  return (await observe({ ...run, ...of }, ports, noon, quiet, null)).names.length;
}

describe("where the names lead", () => {
  it("F3 is read in every look by which a check may be judged, also of a run that knows no names so far", async () => {
    for (const phase of ["lock", "choose", "check", "approve"] as const)
      expect([phase, await readIn({ phase, ...(phase === "lock" ? { names: [] } : {}) })]).toEqual([
        phase,
        1,
      ]);
    const dry = { phase: "load" as const, names: [], input: anInput({ dryRun: true }) };
    expect(await readIn(dry)).toBe(1);
    expect(await readIn({ phase: "catch-up", times: { ...run.times, approved: null } })).toBe(1);
  });

  it("F4 is read in every look by which they may be moved, and in no other", async () => {
    for (const phase of ["prove-writable", "repoint", "prove-name"] as const)
      expect([phase, await readIn({ phase })]).toEqual([phase, 1]);
    expect(await readIn({ phase: "wait", sent: { execute: of, open: of } })).toBe(1);
    for (const phase of ["fence", "catch-up", "execute", "wait", "compensate"] as const)
      expect([phase, await readIn({ phase })]).toEqual([phase, 0]);
  });
});

describe("a name that cannot be read beside a third writer", () => {
  const third = aNode("orders-db-2", { role: "writer", replicaOf: null, look: aLook({ writable: true }) });
  const unread = ref === undefined ? [] : [{ ref, reading: null }];

  it("F3 is read again, and then holds", () => {
    const both = { ...group, nodes: [...group.nodes, third] };
    const seen = (ms: number, topology = both) => seenOf(topology, { now: noon + ms, names: unread });
    const checks = { ...run, fencedBy: null, phase: "check" as const, phaseSince: noon };
    expect(next(checks, seen(1000)).is).toBe("wait");
    expect(next(checks, seen(11_000)).run.ending?.says).toContain(
      "name-elsewhere: where record orders.internal leads could not be seen",
    );
    expect(next(checks, seen(1000, group)).run.ending).toBeNull();
  });

  it("F4 is not moved before it is read", () => {
    const promoted = withNode(aGroup({ primary: "orders-db-1" }), "orders-db-1", {
      ...{ role: "writer", replicaOf: null, look: aLook({ writable: true, traces: false }) },
    });
    const both = { ...promoted, nodes: [...promoted.nodes, third] };
    const at = { ...run, phase: "repoint" as const, phaseSince: noon, sent: { execute: of, open: of } };
    const seen = (ms: number, topology = both) => seenOf(topology, { now: noon + ms, names: unread });
    expect(next(at, seen(1000)).is).toBe("wait");
    expect(next(at, seen(31_000)).run.ending).toMatchObject({
      ...{
        status: "failed",
        says: expect.stringContaining("could not be read, and may lead to orders-db-2"),
      },
    });
    expect(next(at, seen(1000, promoted))).toMatchObject({ effect: { kind: "point" } });
  });
});
