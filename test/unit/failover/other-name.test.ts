import { describe, expect, it } from "vitest";
import { createMemoryFailover } from "../../../functions/adapters/memory/memory-failover.ts";
import type { FailoverRun } from "../../../functions/core/contract/failover.ts";
import { UnreadableError } from "../../../functions/core/errors.ts";
import { givesBack } from "../../../functions/core/failover/give-back.ts";
import { observe } from "../../../functions/core/failover/observe.ts";
import { next } from "../../../functions/core/failover/run.ts";
import { anInput, aRun, quiet } from "../../support/failover-builder.ts";
import { createFailoverWorld } from "../../support/skipped-world.ts";

const minute = 60_000;

/** As RDS has it once people renamed orders-db: another head, so another group, and nothing stands under that. */
async function renamed(second: Partial<FailoverRun>) {
  const { world, clock } = createFailoverWorld(2);
  const ports = createMemoryFailover(world);
  const { servers } = world.set;
  const old = servers.get("orders-db");
  if (old !== undefined) servers.set("orders-live", Object.assign(old, { id: "orders-live" }));
  servers.delete("orders-db");
  for (const server of servers.values())
    if (server.replicaOf === "orders-db") server.replicaOf = "orders-live";
  world.set.primary = "orders-live";
  world.topology = { group: "orders-live" };
  world.nodes = { "orders-live": { resourceId: "db-OLD" } };
  const now = clock.now();
  const of = { at: now - 2 * minute, tries: 1, unclear: false, answer: "done" as const, says: null };
  const common = {
    ...{ method: "promote-replica" as const, oldPrimary: "orders-db", oldResource: "db-OLD" },
    ...{ group: "orders-db", token: 7, startedAt: now - 40 * minute, phaseSince: now - 40 * minute },
  };
  const failed = { status: "failed" as const, phase: "catch-up" as const, says: "x", nextCommand: "y" };
  const first = aRun({
    ...{ ...common, phase: "ended", candidate: "orders-db-2", groupsBefore: ["sg-app"], ending: failed },
    sent: { wall: { ...of, at: now - 30 * minute }, fence: { ...of, at: now - 30 * minute } },
  });
  const execute = { ...of, answer: "none" as const };
  await ports.runs.save(
    aRun({
      ...{ ...common, id: "run-2", phase: "wait", candidate: "orders-db-1" },
      sent: { execute },
      ...second,
    }),
  );
  const look = async (run: FailoverRun) => next(run, await observe(run, ports, now, quiet, null));
  return { first, look, now, ports };
}

describe("a group whose head people renamed, and that has another lock and record since", () => {
  it("F5 keeps a fence shut behind the call of another run that only the record of before shows", async () => {
    const { first, look, now, ports } = await renamed({});
    const { token } = await ports.lock.take("orders-db", "run-1");
    const step = await look({ ...givesBack(first, now), token, input: anInput({ database: "orders-live" }) });
    expect(step.run.ending?.says).toContain("the call of failover run-2 may still be carried out until");
    expect(step.run.givenBack).toBeNull();
  });

  it("F4 is failed over by nobody while a run goes on under the name of before", async () => {
    const { look } = await renamed({});
    const step = await look(
      aRun({ id: "run-3", phase: "load", input: anInput({ database: "orders-live" }) }),
    );
    expect(step.run.ending).toMatchObject({
      status: "held",
      says: expect.stringContaining("Failover run-2 has orders-db; two at once would undo each other"),
    });
  });

  it.each(["check", "approve", "fence"] as const)(
    "F4 is left, behind a call, to the run that goes on under its new name: in %s",
    async (phase) => {
      const { first, look, ports } = await renamed({ group: "orders-live", phase: "catch-up", sent: {} });
      const { token } = await ports.lock.take("orders-db", "run-1");
      const { fence: of } = first.sent;
      const run = { ...first, phase, token, ending: null, input: anInput({ database: "orders-live" }) };
      const called = { ...run, sent: { ...run.sent, ...(of === undefined ? {} : { execute: of }) } };
      const step = await look(called);
      expect(step.run.ending).toMatchObject({
        ...{ status: "failed", nextCommand: "responder failover --show run-2 --table TABLE" },
        says: expect.stringContaining("Failover run-2 goes on with this group, as orders-live"),
      });
      expect(JSON.stringify(step)).not.toMatch(/"kind":"(wall|fence|execute|ask)"/);
      // One that only looks is in nobody's way.
      const other = await ports.runs.get("run-2");
      if (other === null) throw new Error("run-2 is stored");
      await ports.runs.save({ ...other, input: anInput({ database: "orders-live", dryRun: true }) });
      expect((await look(called)).run.ending?.says ?? "").not.toContain("goes on with this group");
    },
  );

  it("F4 is gone on with under the lock of before, and begun under its own where nothing goes on", async () => {
    const { first, look } = await renamed({ oldResource: "db-OTHER" });
    const input = anInput({ database: "orders-live" });
    const again = await look({ ...first, phase: "load", ending: null, input });
    expect(again).toMatchObject({ is: "do", effect: { kind: "take-lock", group: "orders-db" } });
    const anew = await look(aRun({ id: "run-3", phase: "load", input }));
    expect(anew).toMatchObject({ is: "do", effect: { kind: "take-lock", group: "orders-live" } });
  });
});

describe("a run that goes on and cannot be read, written by a newer version or by hand", () => {
  /** Run-x stands open in the store, and nothing of it but `oldResource` can be read. */
  async function beside(oldResource: string | null, ended = false, quietMs = 0) {
    const { ports, now } = await renamed({ oldResource: "db-ELSE" });
    const says = "item FAILOVER#run-x STATE is not what belongs there";
    const runs = {
      ...ports.runs,
      open: async () => [...(await ports.runs.open()), "run-x"],
      get: async (id: string) => {
        if (id === "run-x") throw new UnreadableError(says);
        return ports.runs.get(id);
      },
      standing: async () => [
        ...(await ports.runs.standing()),
        { id: "run-x", run: null, unreadable: { says, oldResource, ended, wroteAt: now - quietMs } },
      ],
    };
    const run = aRun({ id: "run-3", phase: "load", input: anInput({ database: "orders-live" }) });
    const at = async (later: number, of: FailoverRun) => {
      const seen = await observe(of, { ...ports, runs }, now + later, quiet, null);
      return next(of, { ...seen, now: now + later });
    };
    return { at, run, now };
  }

  it("F4 stops no failover of another primary, and is noted where nobody knows whose it is", async () => {
    const other = await beside("db-OTHER");
    const step = await other.at(0, other.run);
    expect(step).toMatchObject({ is: "do", effect: { kind: "take-lock", group: "orders-live" } });
    expect(step.run.notes.join()).not.toContain("run-x");
    const nobodys = await beside(null);
    const noted = await nobodys.at(0, nobodys.run);
    expect(noted).toMatchObject({ is: "do", effect: { kind: "take-lock", group: "orders-live" } });
    expect(noted.run.notes.join()).toContain("Not to be read, and left out: run-x");
  });

  it("F4 holds that of the very primary which it left, and does not blame RDS", async () => {
    const { at, run, now } = await beside("db-OLD");
    const { ending } = (await at(0, { ...run, startedAt: now - 61_000, phaseSince: now - 61_000 })).run;
    expect(ending?.says).toMatch(
      /^What other failovers did to orders-live could not be read \(failover run-x left it, too, was last written at .*, and holds it until .*: item .*\)\. Nothing was done\.$/,
    );
    expect(ending?.says).toContain(`holds it until ${new Date(now + 16 * minute).toISOString()}`);
  });

  it("F4 holds nothing for ever where it has ended: what it called stands in the record of the group", async () => {
    const { at, run } = await beside("db-OLD", true);
    const step = await at(0, run);
    expect(step).toMatchObject({ is: "do", effect: { kind: "take-lock", group: "orders-live" } });
    expect(step.run.notes.join()).toContain("Not to be read, and left out: run-x");
  });

  it("F4 holds nothing for longer than what was agreed to there counts", async () => {
    const step = async (quietMs: number) => {
      const { at, run } = await beside("db-OLD", false, quietMs);
      return at(0, run);
    };
    expect((await step(16 * minute - 1)).is).toBe("wait");
    const after = await step(16 * minute);
    expect(after).toMatchObject({ is: "do", effect: { kind: "take-lock", group: "orders-live" } });
    expect(after.run.notes.join()).toContain("Not to be read, and left out: run-x");
  });

  it("F7 keeps its fence ten minutes later, and says why", async () => {
    const { at, run, now } = await beside("db-OLD");
    const { ending } = (
      await at(0, { ...run, phase: "compensate", token: 7, group: "orders-live", blindSince: now - 601_000 })
    ).run;
    expect(ending?.says).toContain(
      "What other failovers did could not be read for ten minutes (failover run-x",
    );
  });
});
