import { describe, expect, it } from "vitest";
import type { Node } from "../../../functions/core/contract/failover-topology.ts";
import { afterSilence, redrive } from "../../../functions/core/failover/redrive.ts";
import { next } from "../../../functions/core/failover/run.ts";
import {
  aGroup,
  aLook,
  aNode,
  anInput,
  aRun,
  ledTo,
  noAnswer,
  noon,
  quiet,
  seenOf,
  withNode,
} from "../../support/failover-builder.ts";

const minute = 60_000;
const of = { at: noon, tries: 1, unclear: false, answer: "done" as const, says: null };
const called = aRun({
  ...{ method: "promote-replica", candidate: "orders-db-1", oldPrimary: "orders-db", group: "orders-db" },
  ...{ token: 7, fencedBy: "restart", groupsBefore: ["sg-app"], checkedAt: noon, names: aGroup().names },
  ...{ phase: "repoint", sent: { wall: of, restart: of, execute: of, open: of } },
});
const endedIn = (phase: "wait" | "repoint") =>
  ({ phase: "ended", ending: { status: "failed", phase, says: "x", nextCommand: "y" } }) as const;

describe("a promotion that RDS is still at when it is redriven", () => {
  const slow = { ...called, ...endedIn("wait") };
  const at = noon + 32 * minute;
  const group = (change: Partial<Node>) =>
    withNode(withNode(aGroup(), "orders-db", { securityGroups: ["sg-quarantine"] }), "orders-db-1", change);

  it("F6 is waited for, and nobody is fenced", () => {
    const step = next(redrive(slow, at, true), seenOf(group({ status: "modifying" }), { now: at }));
    expect(step).toMatchObject({ is: "wait", run: { phase: "wait", ending: null } });
  });

  it("F5 is judged anew once RDS is at it no more, and where it never answered", () => {
    const shown = next(redrive(slow, at, true), seenOf(group({}), { now: at }));
    expect(shown.run.phase).not.toBe("wait");
    const unanswered = { ...slow, sent: { ...slow.sent, execute: { ...of, answer: "none" as const } } };
    const busy = next(redrive(unanswered, at, true), seenOf(group({ status: "modifying" }), { now: at }));
    expect(busy.run.phase).not.toBe("wait");
  });
});

describe("a run that could read nothing when its driver died, taken up minutes later", () => {
  it("F6 has the whole time to read the group", () => {
    const silent = { ...called, phaseSince: noon, lookedAt: noon + minute, blindSince: noon + minute / 2 };
    const now = noon + 11 * minute;
    expect(next(afterSilence(silent, now), seenOf(null, { now }))).toMatchObject({
      ...{ is: "wait", run: { phase: "repoint", blindSince: now } },
    });
  });

  it("F6 has the whole time to read the kill switch", () => {
    const now = noon + 5 * minute;
    const run = { ...called, phase: "fence" as const, fencedBy: null, sent: {}, unreadSince: noon };
    const situation = { ...quiet, killSwitch: { engaged: null, says: "throttled" } };
    const step = next(afterSilence({ ...run, lookedAt: noon }, now), seenOf(aGroup(), { now, situation }));
    expect(step).toMatchObject({ is: "wait", run: { phase: "fence", unreadSince: now } });
  });

  it("F6 ends behind ten minutes in which somebody was there and saw nothing", () => {
    const now = noon + 10 * minute;
    const run = { ...called, phaseSince: noon, sawAt: noon - 1000, lookedAt: now - 1000, blindSince: noon };
    expect(next(afterSilence(run, now), seenOf(null, { now })).run.ending?.says).toContain(
      "RDS did not answer for ten minutes",
    );
  });
});

describe("an old primary that cannot be asked any more, behind a promotion of long ago", () => {
  const now = noon + 40 * minute;
  const dead = {
    role: "writer",
    replicaOf: null,
    replication: null,
    activity: null,
    look: noAnswer,
  } as const;
  const writer = aNode("orders-db-1", { role: "writer", replicaOf: null, look: aLook({ writable: true }) });
  const walledOff = aNode("orders-db", { ...dead, securityGroups: ["sg-quarantine"] });
  const open = aNode("orders-db", { ...dead, securityGroups: ["sg-app"] });
  const force = ["old-primary-unfenced"];
  const ended = { ...called, ...endedIn("repoint") };
  const step = (nodes: Node[], run = ended, group = {}) => {
    const topology = aGroup({ primary: "orders-db-1", nodes: [...nodes, writer], ...group });
    return next(redrive(run, now, true), seenOf(topology, { now, ...ledTo(topology, "orders-db") }));
  };
  const restartedAt = new Date(noon + 5000).toISOString();
  const { wall: _, ...unwalled } = ended.sent;

  it.each([
    ["walled, and its restart is listed no more", [walledOff], ended, {}],
    ["door-fenced behind its wall", [walledOff], { ...ended, fencedBy: "door" as const }, {}],
    [
      "door-fenced, and there is no wall",
      [open],
      { ...ended, fencedBy: "door" as const },
      { quarantineGroup: null },
    ],
    ["walled by an earlier run", [{ ...walledOff, restartedAt }], { ...ended, sent: unwalled }, {}],
    ["fenced, and deleted since", [], ended, {}],
    [
      "of a lost Region, accepted",
      [],
      { ...ended, fencedBy: "unseen" as const, input: anInput({ force }) },
      {},
    ],
  ])("F6 holds nothing up where it was %s", (_name, nodes, run, group) => {
    expect(step(nodes, run, group)).toMatchObject({ effect: { kind: "point" }, run: { ending: null } });
  });

  it("F5 is left to people where its wall is down, or nobody had fenced it", () => {
    for (const run of [ended, { ...ended, fencedBy: "nobody" as const }])
      expect(step([open], run).run.ending?.says).toContain("To stay with orders-db");
    expect(step([], { ...ended, fencedBy: "unseen" }).run.ending?.says).toContain(
      "RDS does not show orders-db",
    );
  });
});

describe("a restart, as the proof of a fence", () => {
  it("F5 counts no more ten minutes after anybody looked, however often it was taken up meanwhile", () => {
    let run = aRun({
      ...called,
      phase: "fence",
      phaseSince: noon,
      lookedAt: noon,
      sent: { wall: of, restart: of },
    });
    for (const at of [4, 8, 12]) run = afterSilence(run, noon + at * minute);
    expect(Object.keys(run.sent)).toEqual(["wall"]);
  });
});
