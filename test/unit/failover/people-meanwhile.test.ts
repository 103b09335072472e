import { describe, expect, it } from "vitest";
import { createMemoryFailover } from "../../../functions/adapters/memory/memory-failover.ts";
import type { FailoverRun } from "../../../functions/core/contract/failover.ts";
import { AwsError } from "../../../functions/core/errors.ts";
import { observe } from "../../../functions/core/failover/observe.ts";
import { next } from "../../../functions/core/failover/run.ts";
import { watchedIfMoved } from "../../../functions/core/failover/watch-duty.ts";
import { aGroup, aLook, aNode, aRun, noon, quiet, seenOf, withNode } from "../../support/failover-builder.ts";
import { createFailoverWorld } from "../../support/skipped-world.ts";

const of = { at: noon, tries: 1, unclear: false, answer: "done" as const, says: null };
const execute = { execute: of };
const record = { kind: "route53" as const, zoneId: "Z1", record: "orders.internal" };
const run = aRun({
  ...{ method: "promote-replica", candidate: "orders-db-1", oldPrimary: "orders-db", group: "orders-db" },
  ...{ token: 7, oldResource: "db-OLD", fencedBy: "door", groupsBefore: ["sg-app"], names: [record] },
});
const writes = aLook({ writable: true, clients: 50 });
const shut = aLook({ writable: false, fenced: true, traces: true });
const promoted = withNode(aGroup({ primary: "orders-db-1" }), "orders-db-1", {
  ...{ role: "writer", replicaOf: null, look: aLook({ writable: true, traces: false }) },
});
const third = aNode("orders-db-2", { role: "writer", replicaOf: null, look: writes });
const pointing = (pointsTo: string) => [
  { ref: record, reading: { pointsTo, proves: pointsTo, ttlSeconds: 5 } },
];
const failed = (phase: FailoverRun["phase"]) => ({
  ...{ status: "failed" as const, phase, says: "It ended.", nextCommand: "x" },
});

describe("an old primary of which people were told that it is left", () => {
  const duty = {
    kind: "watch-old-primary" as const,
    node: "orders-db",
    since: noon,
    because: "x",
    toldAt: noon,
  };
  const later = { ...run, phaseSince: noon + 200_000, sent: execute, ending: failed("wait"), duties: [duty] };

  it("F5 stays left where its end is taken up minutes later", () => {
    expect(watchedIfMoved(later, noon + 200_000).duties).toMatchObject([{ toldAt: noon }]);
  });

  it("F5 is watched anew where the run closed it, or moved a name off it, since", () => {
    for (const key of ["refence", "point:0"]) {
      const sent = { ...execute, [key]: { ...of, at: noon + 100_000 } };
      const [after] = watchedIfMoved({ ...later, sent }, noon + 200_000).duties;
      expect(after?.since).toBe(noon + 200_000);
      expect(after).not.toHaveProperty("toldAt");
    }
  });

  it("F5 is left where its fence was taken off by a person's word behind a call", () => {
    const back = { ...later, duties: [], givenBack: noon + 190_000 };
    expect(watchedIfMoved(back, noon + 200_000).duties).toMatchObject([{ toldAt: noon + 200_000 }]);
  });
});

describe("clients whom people led to another writer", () => {
  const group = aGroup();
  const elsewhere = { ...group, nodes: [...group.nodes, third] };

  it("F3 hold a failover of the one that they are not on", () => {
    const seen = seenOf(elsewhere, { names: pointing("orders-db-2") });
    const step = next({ ...run, fencedBy: null, phase: "check" }, seen);
    expect(step.run.ending).toMatchObject({
      status: "held",
      says: expect.stringContaining("name-elsewhere"),
    });
    const seenHere = seenOf(elsewhere, { names: pointing("orders-db") });
    const here = next({ ...run, fencedBy: null, phase: "check" }, seenHere);
    expect(here.run.ending?.says ?? "").not.toContain("name-elsewhere");
  });

  it("F4 are not moved off it behind a call", () => {
    const seen = seenOf(
      { ...promoted, nodes: [...promoted.nodes, third] },
      { names: pointing("orders-db-2") },
    );
    const step = next({ ...run, phase: "repoint", sent: execute }, seen);
    expect(step.run.ending).toMatchObject({
      ...{ status: "failed", phase: "repoint", says: expect.stringContaining("leads to orders-db-2") },
    });
    expect(JSON.stringify(step)).not.toContain('"kind":"point"');
  });

  it("F4 are moved from the old primary, and from one that takes no writes", () => {
    const idle = { ...third, look: shut };
    for (const to of ["orders-db", "orders-db-2"]) {
      const seen = seenOf({ ...promoted, nodes: [...promoted.nodes, idle] }, { names: pointing(to) });
      expect(next({ ...run, phase: "repoint", sent: execute }, seen)).toMatchObject({
        effect: { kind: "point", to: "orders-db-1" },
      });
    }
  });

  it("F4 are said to have been moved back, with what moves them again", () => {
    const seen = seenOf(promoted, { now: noon + 400_000, names: pointing("orders-db") });
    const step = next({ ...run, phase: "prove-name", sent: execute, phaseSince: noon }, seen);
    expect(step.run.ending?.says).toContain("leads to another one again");
    expect(step.run.ending?.nextCommand).toMatch(
      /change-resource-record-sets .* && responder failover --redrive/,
    );
  });
});

describe("a group whose name RDS knows no more", () => {
  async function describedAs(of: Partial<FailoverRun>, known: string) {
    const { world } = createFailoverWorld(2);
    const ports = createMemoryFailover(world);
    const asked: string[] = [];
    const controlPlane = {
      ...ports.controlPlane,
      describe: async (id: string) => {
        asked.push(id);
        if (id !== known) throw new AwsError("DBInstanceNotFound", true, `${id} not found`);
        return ports.controlPlane.describe(id);
      },
      nameOf: async () => (known === "orders-db-old" ? known : null),
    };
    const seen = await observe({ ...run, ...of }, { ...ports, controlPlane }, noon, quiet, null);
    return { asked, seen };
  }

  it("F5 is seen by whom the run promoted", async () => {
    const { seen, asked } = await describedAs({ phase: "rebuild", sent: execute }, "orders-db-1");
    expect(seen.topology).not.toBeNull();
    expect(asked).toEqual(["orders-db", "orders-db-1"]);
  });

  it("F5 is seen by what its primary is called now", async () => {
    const { seen } = await describedAs({ phase: "compensate", sent: { wall: of } }, "orders-db-old");
    expect(seen.topology).not.toBeNull();
  });

  it("F5 is not seen where nothing leads on, and the end says why", async () => {
    const { seen } = await describedAs({ phase: "wait", sent: execute }, "none");
    expect(seen.trouble).toMatchObject({
      lasting: true,
      says: expect.stringContaining("orders-db not found"),
    });
    const blind = { ...run, phase: "wait" as const, sent: execute, blindSince: noon - 700_000 };
    const known = { ...seen, lock: { run: run.id, token: 7 } };
    expect(next(blind, known).run.ending?.says).toContain("not found");
    // A redrive would only hear that again.
    const { nextCommand } = next({ ...blind, candidateResource: "db-ONE" }, known).run.ending ?? {};
    expect(nextCommand).toBe("aws rds describe-db-instances --filters Name=dbi-resource-id,Values=db-ONE");
    const shutOld = { ...blind, sent: { wall: of } };
    expect(next(shutOld, known).run.ending?.says).toContain("So may be what was a replica of it.");
    const silent = { ...known, trouble: { says: "not found", lasting: true } };
    expect(next(blind, silent).run.ending?.nextCommand).toBe("responder failover --redrive run-1");
  });

  it("F5 is not taken for gone where RDS refuses to say", async () => {
    const fenced = { ...run, phase: "load" as const, oldResource: "db-OLD", sent: { wall: of } };
    const denied = (trouble: { says: string; lasting: boolean; unknown: boolean }) =>
      next(fenced, { ...seenOf(null), trouble }).run.ending?.nextCommand;
    expect(denied({ says: "AccessDenied", lasting: true, unknown: false })).toContain("--redrive run-1");
    const unknown = { says: "not found", lasting: true, unknown: true };
    expect(denied(unknown)).toContain("Values=db-OLD");
    // Typed again the same name would only hear that again.
    const typed = aRun({ phase: "load" });
    for (const one of [typed, { ...fenced, oldResource: null }]) {
      const end = next(one, { ...seenOf(null), trouble: unknown }).run.ending;
      expect(end?.nextCommand).toMatch(/^aws rds describe-db-instances --query/);
    }
  });
});
