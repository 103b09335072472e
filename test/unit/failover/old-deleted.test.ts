import { describe, expect, it } from "vitest";
import { createMemoryFailover } from "../../../functions/adapters/memory/memory-failover.ts";
import type { FailoverRun } from "../../../functions/core/contract/failover.ts";
import type { FailoverTopology } from "../../../functions/core/contract/failover-topology.ts";
import { AwsError } from "../../../functions/core/errors.ts";
import { tookSince } from "../../../functions/core/failover/loss.ts";
import { observe } from "../../../functions/core/failover/observe.ts";
import { redrive } from "../../../functions/core/failover/redrive.ts";
import { next } from "../../../functions/core/failover/run.ts";
import { aGroup, aLook, aNode, aRun, lsn, noon, quiet, seenOf } from "../../support/failover-builder.ts";
import { createFailoverWorld } from "../../support/skipped-world.ts";

const minute = 60_000;
const now = noon + 40 * minute;
const record = { kind: "route53" as const, zoneId: "Z1", record: "orders.internal" };
const of = { at: noon, tries: 1, unclear: false, answer: "none" as const, says: null };
const failed = { status: "failed" as const, says: "It ended.", nextCommand: "x" };
const nothing = { bytes: 0, transactions: 0, seconds: 0, rows: 0 };
const applied = "orders-db-1 applied all that the fenced orders-db had written";
const ended: FailoverRun = aRun({
  ...{ method: "promote-replica", candidate: "orders-db-1", candidateResource: "db-ONE", token: 7 },
  ...{ oldPrimary: "orders-db", oldResource: "db-OLD", group: "orders-db", groupsBefore: ["sg-app"] },
  ...{ phase: "ended", ending: { ...failed, phase: "execute" }, fencedBy: "door", goal: lsn("0/500") },
  ...{ sent: { wall: of, fence: of, execute: of }, checkedAt: noon, names: [record] },
  loss: { ...nothing, because: applied },
});
const promoted = aNode("orders-db-1", {
  ...{ role: "writer", replicaOf: null, replication: null, resourceId: "db-ONE" },
  look: aLook({ writable: true, traces: false }),
});
/** People deleted orders-db: RDS shows nothing of it. */
const alone = aGroup({ primary: "orders-db-1", nodes: [promoted] });
const elsewhere = {
  ...{ pointsTo: null, stranger: "orders-db.abc.rds.amazonaws.com", proves: null, ttlSeconds: 5 },
};
const itsName = { ...elsewhere, formerly: "orders-db" };
const names = [{ ref: record, reading: itsName }];
const repoints = (run: FailoverRun): FailoverRun => ({ ...run, sent: { ...run.sent, open: of } });
const gone = seenOf(alone, { now, names, oldGone: true });
const unseen = seenOf(alone, { now, names });

/** To the end of what is decided without a look in between. */
function driven(run: FailoverRun, seen: typeof gone) {
  return next(repoints(run), seen);
}

describe("an old primary that people deleted behind a lost call", () => {
  it("F7 takes no writes, and its name is moved by the plain redrive", () => {
    const step = driven(redrive(ended, now), gone);
    expect(step).toMatchObject({ effect: { kind: "point", to: "orders-db-1" } });
  });

  it("F4 leaves the name on one of its name in another Region or account: clients may be there", () => {
    const dr = { ...gone, names: [{ ref: record, reading: elsewhere }] };
    expect(driven(redrive(ended, now), dr).run.ending).toMatchObject({
      ...{ status: "failed", phase: "repoint" },
      says: expect.stringContaining("was not moved to it: it leads to orders-db.abc.rds.amazonaws.com"),
    });
  });

  it("F7 is ended by the printed command alone where it may have taken writes since", () => {
    const because = tookSince("orders-db", new Date(noon).toISOString(), "orders-db-1");
    const { ending } = driven(redrive({ ...ended, loss: { ...nothing, because } }, now), gone).run;
    expect(ending).toMatchObject({
      ...{ status: "failed", says: expect.stringContaining("orders-db-1 may be the only copy") },
      nextCommand: "responder failover --redrive run-1 --force old-primary-unfenced",
    });
    expect(ending?.says).not.toMatch(/nobody needs|modify-db-instance|--gone/);
    const again = redrive({ ...ended, loss: { ...nothing, because } }, now, true, ["old-primary-unfenced"]);
    expect(driven(again, gone)).toMatchObject({ effect: { kind: "point", to: "orders-db-1" } });
  });

  it("F7 may be there where RDS only does not show it: it is given up by a name that is printed, and by no call that fails", () => {
    const { ending } = driven(redrive(ended, now), unseen).run;
    expect(ending?.says).toContain("RDS does not show orders-db, which may take writes");
    expect(ending?.says).toContain("responder failover --redrive run-1 --force old-primary-unfenced");
    expect(ending?.says).not.toMatch(/nobody needs|modify-db-instance/);
    expect(ending?.nextCommand).toContain("dbi-resource-id,Values=db-OLD");
  });

  it("F7 is led on by each end: what one redrive was forced by is printed for the next", () => {
    const forced = redrive(ended, now, true, ["old-primary-unfenced"]);
    const { ending } = driven(forced, unseen).run;
    const both = ["old-primary-unfenced", "name-leads-away"];
    expect(ending?.nextCommand).toBe(`responder failover --redrive run-1 --force ${both.join(" --force ")}`);
    const last = driven(redrive(ended, now, true, both), unseen);
    expect(last).toMatchObject({ effect: { kind: "point", to: "orders-db-1" } });
  });

  it("F7 whoever has its name is not shut in its stead", () => {
    const namesake = aNode("orders-db", { role: "writer", replicaOf: null, resourceId: "db-NEW" });
    const there = { ...alone, nodes: [promoted, namesake] };
    const seen = seenOf(there, { now, names });
    const { ending } = driven(redrive(ended, now), seen).run;
    expect(ending?.says).toContain("what had the name orders-db may take writes under another one");
    expect(ending?.says).not.toContain("modify-db-instance");
  });
});

describe("who was restored under the name of the old primary", () => {
  const restored = aNode("orders-db", {
    ...{ role: "writer", replicaOf: null, resourceId: "db-NEW", look: aLook({ writable: true }) },
  });
  const there = { ...alone, nodes: [promoted, restored] };
  const served = { pointsTo: "orders-db", proves: null, ttlSeconds: 5 };
  const seen = seenOf(there, { now, names: [{ ref: record, reading: served }] });

  it("F4 keeps the name that leads to it: its clients are there, and no override moves it off", () => {
    expect(driven(redrive(ended, now), seen).run.ending?.says).toContain(
      "what had the name orders-db may take",
    );
    const forced = driven(redrive(ended, now, true, ["old-primary-unfenced"]), seen);
    expect(forced.run.ending).toMatchObject({
      ...{ status: "failed", phase: "repoint" },
      says: expect.stringContaining("it leads to orders-db, which takes writes"),
    });
  });

  it("F7 is not the old primary that is gone, unless it follows the new one", async () => {
    const at = (node: typeof restored) => {
      const ports = createMemoryFailover(createFailoverWorld(1).world);
      const topology = { ...alone, nodes: [promoted, node] };
      const controlPlane = {
        ...ports.controlPlane,
        describe: async () => topology,
        nameOf: async () => null,
      };
      return observe(redrive(ended, now), { ...ports, controlPlane }, now, quiet, null);
    };
    expect((await at(restored)).oldGone).toBe(false);
    expect((await at({ ...restored, role: "replica", replicaOf: "orders-db-1" })).oldGone).toBe(true);
  });
});

describe("whether the old primary is gone", () => {
  /** `called`: what RDS calls db-OLD; `taken`: something else has its name. */
  function observed({ called = null as string | null, taken = false, answers = true, run = ended }) {
    const ports = createMemoryFailover(createFailoverWorld(1).world);
    const describeIt = async (id: string): Promise<FailoverTopology> => {
      if (id === "orders-db-1") return alone;
      if (taken && id === "orders-db")
        return aGroup({ nodes: [aNode("orders-db", { resourceId: "db-NEW" })] });
      throw new AwsError("DBInstanceNotFound", true, `${id} not found`);
    };
    const nameOf = async () => {
      if (!answers) throw new AwsError("Throttling", true, "too many");
      return called;
    };
    const controlPlane = { ...ports.controlPlane, describe: describeIt, nameOf };
    const input = { ...run.input, database: "orders-db-1" };
    return observe({ ...redrive(run, now), input }, { ...ports, controlPlane }, now, quiet, null);
  }

  it("F7 is what RDS says of its resource and of its name, and no silence", async () => {
    expect(await observed({})).toMatchObject({ oldGone: true });
    const others: readonly [Parameters<typeof observed>[0], boolean | null][] = [
      [{ called: "orders-live" }, false],
      [{ taken: true }, false],
      [{ answers: false }, null],
      [{ run: { ...ended, oldResource: null } }, false],
    ];
    for (const [there, oldGone] of others) {
      const seen = await observed(there);
      expect(seen.topology?.nodes.map(({ id }) => id)).toEqual(["orders-db-1"]);
      expect(seen.oldGone).toBe(oldGone);
    }
  });

  it("F9 is asked again where RDS did not say, before it is written down that it may have taken writes", () => {
    const lost = { ...gone, oldGone: null };
    const run = redrive(ended, now);
    const waits = driven(run, lost);
    expect(waits).toMatchObject({
      is: "wait",
      run: { ending: null, loss: ended.loss, duties: ended.duties },
    });
    expect(driven({ ...waits.run, names: run.names }, { ...gone, now: now + 1000 })).toMatchObject({
      effect: { kind: "point", to: "orders-db-1" },
    });
    const ends = driven(waits.run, { ...lost, now: now + 10_000 });
    expect(ends.run.ending?.says).toContain("RDS does not show orders-db, which may take writes");
  });
});
