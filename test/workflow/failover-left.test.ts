import { describe, expect, it } from "vitest";
import { watchEnded } from "../../functions/core/failover/end-watch.ts";
import { redrive } from "../../functions/core/failover/redrive.ts";
import { next } from "../../functions/core/failover/run.ts";
import { keepWatch } from "../../functions/core/failover/watch-duty.ts";
import { aGroup, aLook, aNode, aRun, noAnswer, noon, seenOf } from "../support/failover-builder.ts";
import { minute, servedLab, typed } from "../support/served-lab.ts";

/** The call landed late, and people served on from the old primary; the redrive told them of both. */
async function betweenTwo() {
  const lab = servedLab();
  lab.dies();
  lab.calls("unsent");
  await lab.start("e1", typed);
  lab.calls("answered");
  lab.openedByHand();
  lab.world.set.promote(lab.candidate);
  lab.world.promoted.push("orders-db-1");
  lab.served(60 * minute);
  await lab.start("e2", { redrive: "fo-e1" });
  expect((await lab.run()).ending?.says).toContain("To stay with orders-db");
  lab.served(60 * minute);
  return lab;
}

describe("an old primary that people served on from, and that dies days later", () => {
  it("F5 F6 is not given up unasked for a copy that is days old", async () => {
    const lab = await betweenTwo();
    const run = await lab.run();
    // As an older version wrote it down.
    await lab.ports.runs.save({ ...run, duties: [], keepsLock: true });
    lab.dies();
    lab.old.sessions.clear();
    lab.sent.length = 0;
    await lab.start("e3", { redrive: "fo-e1" });
    expect(lab.sent).toEqual([]);
    expect(lab.world.name).toBe("orders-db");
    expect((await lab.run()).ending?.says).toContain("orders-db took writes after it, or may have");
    expect((await lab.run()).loss?.because).toContain("orders-db-1 never got");
  });

  it("F5 is named by no later run once people said that they stay, and not redriven", async () => {
    const lab = await betweenTwo();
    await lab.ports.runs.save({ ...(await lab.run()), duties: [], staysAt: lab.clock.now() });
    lab.dies();
    lab.old.sessions.clear();
    const state = await lab.start("e3", typed);
    expect(JSON.stringify(state)).not.toContain("--redrive fo-e1");
    lab.sent.length = 0;
    const again = await lab.start("e4", { redrive: "fo-e1" });
    expect(JSON.stringify(again)).toContain("people stay with orders-db");
    expect(lab.sent).toEqual([]);
  });
});

describe("an old primary that people serve from, and that the sweeper fences once the call has landed", () => {
  /** Nobody was told that it is left: the promotion landed between two rounds. */
  async function shut() {
    const lab = servedLab();
    lab.dies();
    lab.calls("unsent");
    await lab.start("e1", typed);
    lab.calls("answered");
    lab.openedByHand();
    lab.world.set.promote(lab.candidate);
    lab.world.promoted.push("orders-db-1");
    lab.served(20 * minute);
    await lab.sweep();
    expect(lab.old.fenced).toBe(true);
    lab.served(20 * minute);
    await lab.start("e2", { redrive: "fo-e1" });
    return lab;
  }

  it("F5 is told to be shut, and opened by what is printed to stay with it", async () => {
    const lab = await shut();
    const { ending } = await lab.run();
    expect(ending?.says).toContain("orders-db is FENCED FROM INSIDE now");
    const stay = "responder failover --gone fo-e1 --table TABLE && responder failover --give-back fo-e1";
    expect(ending?.says).toContain(`To stay with orders-db: ${stay}`);
    await lab.ports.runs.save(watchEnded(await lab.run(), lab.clock.now()));
    await lab.start("e3", { giveBack: "fo-e1" });
    expect(lab.old.fenced).toBe(false);
    const back = await lab.run();
    expect(back.ending?.says).toContain("orders-db-1, the copy that was promoted, counts as the primary");
    expect(back.duties).toEqual([]);
    lab.taken.length = 0;
    lab.served(10 * minute);
    await lab.sweep();
    lab.served(10 * minute);
    expect(lab.taken).toHaveLength(20);
  });

  it("F5 stays shut beside a copy that a name leads to", async () => {
    const lab = await shut();
    await lab.ports.runs.save(watchEnded(await lab.run(), lab.clock.now()));
    lab.world.name = "orders-db-1";
    await lab.start("e3", { giveBack: "fo-e1" });
    expect(lab.old.fenced).toBe(true);
    const { ending } = await lab.run();
    expect(ending?.says).toContain("record orders.internal leads to orders-db-1: orders-db stays fenced");
    expect(ending?.nextCommand).toMatch(/endpoint of orders-db\) && responder failover --give-back fo-e1/);
  });

  it("F5 stays shut while the copy may be gone on with, and is told how", async () => {
    const lab = await shut();
    await lab.start("e3", { giveBack: "fo-e1" });
    expect(lab.old.fenced).toBe(true);
    const { ending } = await lab.run();
    expect(ending?.says).toContain("responder failover --redrive fo-e1 goes on with orders-db-1");
    expect(ending?.nextCommand).toBe("responder failover --redrive fo-e1");
  });
});

describe("a redrive of long after, of a run that had moved the names", () => {
  const of = { at: noon, tries: 1, unclear: false, answer: "done" as const, says: null };
  const moved = aRun({
    ...{ phase: "ended", method: "promote-replica", candidate: "orders-db-1", oldPrimary: "orders-db" },
    ...{ group: "orders-db", token: 7, fencedBy: "door", groupsBefore: ["sg-app"], names: aGroup().names },
    times: { ...aRun().times, promoted: noon, writable: noon, repointed: noon },
    sent: { wall: of, fence: of, execute: of, open: of, "point:0": of },
    ending: { status: "failed", phase: "prove-name", says: "x", nextCommand: "y" },
  });
  const now = noon + 20 * minute;
  const step = (look: ReturnType<typeof aLook>, change = {}) => {
    const old = { role: "writer", replicaOf: null, replication: null, activity: null, look } as const;
    const nodes = [
      aNode("orders-db", { ...old, securityGroups: ["sg-quarantine"] }),
      aNode("orders-db-1", { role: "writer", replicaOf: null, look: aLook({ writable: true }) }),
    ];
    const [ref] = moved.names;
    if (ref === undefined) throw new Error("there is no name");
    const reading = { pointsTo: "orders-db-1", proves: "orders-db-1", ttlSeconds: 0 };
    const topology = aGroup({ primary: "orders-db-1", nodes });
    return next(redrive({ ...moved, ...change }, now), seenOf(topology, { now, names: [{ ref, reading }] }));
  };

  it("F5 goes on where the old primary, fenced by then, has died since", () => {
    expect(step(noAnswer)).toMatchObject({ effect: { kind: "rebuild" }, run: { ending: null } });
  });

  it("F5 fences the old primary again that may have clients", () => {
    for (const clients of [1, null])
      expect(step(aLook({ writable: true, clients }))).toMatchObject({
        ...{ effect: { kind: "fence", node: "orders-db" }, run: { ending: null } },
      });
  });

  it("F5 never tells people to stay with the old primary, nor fences one that they were told is left", () => {
    const duty = { kind: "watch-old-primary" as const, node: "orders-db", since: noon, because: "x" };
    const end = step(aLook({ writable: true, clients: 3 }), { duties: [{ ...duty, toldAt: noon + minute }] });
    expect(end).toMatchObject({ effect: { kind: "announce" }, run: { ending: { status: "failed" } } });
    expect(end.run.ending?.says).not.toContain("To stay with");
    expect(end.run.ending?.says).not.toContain("no name was moved");
    expect(end.run.ending?.says).toContain("To keep clients off orders-db");
    const open = aGroup({ primary: "orders-db-1", nodes: [aNode("orders-db", { replicaOf: null })] });
    expect(end.run.duties.map((of) => keepWatch(of, open).is)).toEqual(["watch"]);
  });
});
