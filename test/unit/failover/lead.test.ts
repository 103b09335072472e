import { describe, expect, it } from "vitest";
import type { FailoverRun } from "../../../functions/core/contract/failover.ts";
import { lossText } from "../../../functions/core/failover/loss.ts";
import { approvalMessage } from "../../../functions/core/failover/messages.ts";
import type { NameReading } from "../../../functions/core/failover/ports.ts";
import { redrive } from "../../../functions/core/failover/redrive.ts";
import { next } from "../../../functions/core/failover/run.ts";
import {
  aGroup,
  aLook,
  aNode,
  anInput,
  aRun,
  noAnswer,
  noon,
  seenOf,
  withNode,
} from "../../support/failover-builder.ts";

const first = { kind: "route53" as const, zoneId: "Z1", record: "orders.internal" };
const second = { ...first, record: "reports.internal" };
const of = { at: noon, tries: 1, unclear: false, answer: "done" as const, says: null };
const because = "orders-db-1 applied all that the fenced orders-db had written";
const promoted = withNode(aGroup({ primary: "orders-db-1" }), "orders-db-1", {
  ...{ role: "writer", replicaOf: null, look: aLook({ writable: true, traces: false }) },
});
const behind: FailoverRun = aRun({
  ...{ method: "promote-replica", candidate: "orders-db-1", oldPrimary: "orders-db", group: "orders-db" },
  ...{ token: 7, oldResource: "db-OLD", fencedBy: "restart", phase: "repoint", names: [first] },
  ...{ sent: { execute: of, open: of }, loss: { bytes: 0, transactions: 0, seconds: 0, rows: 0, because } },
});
const stranger = "dr.zzz.us-west-2.rds.amazonaws.com";
const away = { pointsTo: null, stranger, proves: null, ttlSeconds: 5 };
const well = { pointsTo: "orders-db", proves: null, ttlSeconds: 5 };
const read = (...readings: readonly (NameReading | null)[]) => ({
  names: [first, second].slice(0, readings.length).map((ref, at) => ({ ref, reading: readings[at] ?? null })),
});
const twoNames = { ...behind, names: [first, second] };
const at = (afterMs: number) => ({ now: noon + afterMs });
const ended = (run: FailoverRun, phase: FailoverRun["phase"]): FailoverRun => ({
  ...run,
  phase: "ended",
  ending: { status: "failed", phase, says: "It ended.", nextCommand: "x" },
});

describe("a name that leads to a writer of its own which could not be asked", () => {
  const namesake = (look: typeof noAnswer | null) =>
    withNode(promoted, "orders-db", { resourceId: "db-NEW", role: "writer", replicaOf: null, look });

  it.each([
    ["once", null],
    ["for long", noAnswer],
  ])("F4 is not moved off one that people restored under the old name: no answer %s", (_, look) => {
    const see = (afterMs: number, node = namesake(look)) => seenOf(node, { ...at(afterMs), ...read(well) });
    expect(next(behind, see(9999)).is).toBe("wait");
    expect(next(behind, see(10_000)).run.ending).toMatchObject({
      ...{ status: "failed", phase: "repoint" },
      says: expect.stringContaining(
        "it leads to orders-db, which may take writes and which this failover did not leave",
      ),
      nextCommand: "responder failover --redrive run-1 --force name-leads-away",
    });
    // Whom people only renamed is no other one.
    const old = withNode(promoted, "orders-db", { ...{ id: "orders-live", resourceId: "db-OLD", look } });
    const onOld = { ...well, pointsTo: "orders-live" };
    expect(next(behind, seenOf(old, { ...at(10_000), ...read(onOld) })).run.ending?.says ?? "").not.toContain(
      "did not leave",
    );
    // Seen to be shut it has nobody's writes.
    expect(next(behind, see(0, namesake(aLook({ writable: false }))))).toMatchObject({
      effect: { kind: "point", to: "orders-db-1" },
    });
  });

  it("F9 is moved off it by that word, and its writes are given up", () => {
    const run = { ...behind, forcedAgain: ["name-leads-away"] };
    const step = next(run, seenOf(namesake(noAnswer), read(well)));
    expect(step).toMatchObject({ effect: { kind: "point", to: "orders-db-1" } });
    const lost = "unknown: what orders-db took, if anything, orders-db-1 never got";
    expect(lossText(step.run.loss)).toBe(lost);
    // That RDS does not show the old primary says less.
    const later = { ...step.run, saidAt: noon + 1000 };
    expect(lossText(next(later, seenOf(namesake(noAnswer), { ...at(2000), ...read(well) })).run.loss)).toBe(
      lost,
    );
  });
});

describe("what was forced when it began, for whatever veto", () => {
  const third = aNode("orders-db-2", { role: "writer", replicaOf: null, look: aLook({ writable: true }) });
  const beside = { ...promoted, nodes: [...promoted.nodes, third] };
  const onThird = { pointsTo: "orders-db-2", proves: null, ttlSeconds: 5 };

  it.each<[string, NameReading | null]>([
    ["promoted by hand", onThird],
    ["of whom RDS shows nothing", away],
    ["who is seen, while the name is silent", null],
  ])("F4 moves no name off somebody %s since, unasked", (_, reading) => {
    for (const force of [true, ["name-leads-away", "name-unread"]] as const) {
      const run = { ...behind, input: anInput({ force: force === true ? true : [...force] }), ledAt: noon };
      const { ending } = next(run, seenOf(beside, { ...at(30_000), ...read(reading) })).run;
      expect(ending?.says).toContain("was not moved to it");
    }
  });

  it("F4 moves a name off a third writer by a redrive that names it alone", () => {
    const lifted = { ...behind, overridden: ["name-leads-away"] };
    expect(next(lifted, seenOf(beside, read(onThird))).run.ending?.says).toContain("it leads to orders-db-2");
    const typed = { ...behind, forcedAgain: ["name-leads-away"] };
    expect(next(typed, seenOf(beside, read(onThird)))).toMatchObject({ effect: { kind: "point" } });
  });
});

describe("two names, of which one could not be read", () => {
  it("F4 the other one's stranger is seen all the same, and no name was last seen to lead to ours", () => {
    const { run } = next(
      { ...twoNames, phase: "prove-writable", ledAt: noon },
      seenOf(promoted, read(null, away)),
    );
    expect(run.ledAt).toBeNull();
  });

  it("F4 what can be read ends it, whatever is waited for beside it", () => {
    const { ending } = next({ ...twoNames, ledAt: noon }, seenOf(promoted, read(null, away))).run;
    expect(ending?.says).toContain(`reports.internal was not moved to it: it leads to ${stranger}`);
  });
});

describe("a name that could not be read behind the promotion", () => {
  const third = aNode("orders-db-2", { role: "writer", replicaOf: null, look: aLook({ writable: true }) });
  const beside = { ...promoted, nodes: [...promoted.nodes, third] };

  it.each([
    ["beside a third writer", beside],
    ["beside nobody", promoted],
  ])(
    "F4 F9 is moved by the word that is printed, and what is lost by it is not told as nothing: %s",
    (_, group) => {
      const { ending } = next(behind, seenOf(group, { ...at(30_000), ...read(null) })).run;
      expect(ending?.says).toContain("with --force name-unread beside it the name is moved unread");
      const typed = redrive(ended(behind, "repoint"), noon + 60_000, true, ["name-unread"]);
      const waits = next(typed, seenOf(group, { ...at(60_000), ...read(null) }));
      expect(waits.is).toBe("wait");
      const step = next(waits.run, seenOf(group, { ...at(70_000), ...read(null) }));
      expect(step).toMatchObject({ effect: { kind: "point", to: "orders-db-1" } });
      expect(lossText(step.run.loss)).toMatch(/^unknown: where record orders.internal led could not be read/);
      expect(step.run.overridden).toContain("name-unread");
    },
  );

  it("F4 that word is said again by nobody who redrives it plainly, but by what is printed", () => {
    const said = { ...behind, overridden: ["name-unread", "failed-over-lately"] };
    expect(redrive(ended(said, "repoint"), noon + 60_000).overridden).toEqual(["failed-over-lately"]);
    const refused = { ...of, at: noon, tries: 8, answer: "refused" as const, says: "not allowed" };
    const run = { ...said, sent: { ...behind.sent, "point:0": refused } };
    const { ending } = next(run, seenOf(promoted, { ...at(60_000), ...read(well) })).run;
    expect(ending?.nextCommand).toMatch(/&& responder failover --redrive run-1 --force name-unread$/);
  });

  it("F4 is printed with the word that the run began with, where nobody else is seen", () => {
    const began = { ...behind, input: anInput({ force: true }) };
    const end = (group: typeof promoted) =>
      next(began, seenOf(group, { ...at(30_000), ...read(null) })).run.ending?.nextCommand;
    expect(end(promoted)).toBe("responder failover --redrive run-1 --force name-unread");
    expect(end(beside)).toBe("responder failover --redrive run-1");
  });

  it("F4 that word moves it off nobody whom it is read to lead to", () => {
    const typed = redrive(ended(behind, "repoint"), noon + 60_000, true, ["name-unread"]);
    const { ending } = next(typed, seenOf(promoted, { ...at(60_000), ...read(away) })).run;
    expect(ending?.says).toContain(`it leads to ${stranger}`);
  });

  it("F1 is no reason to ask anybody once this redrive has moved it", () => {
    const asked = { ...behind, approved: false, times: { ...behind.times, approved: null } };
    const forced = { ...asked, forcedAgain: ["name-leads-away"], saidAt: noon };
    const moved = { ...forced, phase: "prove-name" as const, sent: { ...behind.sent, "point:0": of } };
    expect(next(moved, seenOf(promoted, { ...at(1000), ...read(null) }))).toMatchObject({
      ...{ is: "wait", run: { phase: "prove-name" } },
    });
    const one = { ...forced, names: [first, second], sent: { ...behind.sent, "point:0": of } };
    const step = next(one, seenOf(promoted, { ...at(1000), ...read(null, away) }));
    expect(step).toMatchObject({ effect: { kind: "ask" } });
    expect(JSON.stringify(step)).not.toContain("where record orders.internal leads");
  });
});

describe("before the call", () => {
  const check: FailoverRun = { ...aRun({ ...behind, phase: "check" }), sent: {}, loss: null, fencedBy: null };
  const dead = withNode(aGroup(), "orders-db", { look: noAnswer });

  it("F3 one lost reading holds nothing, whatever stands beside it", () => {
    const lagging = withNode(dead, "orders-db-1", {
      lag: { known: true, seconds: 900, by: "metric" } as never,
    });
    expect(next(check, seenOf(lagging, { ...at(9999), ...read(null) })).is).toBe("wait");
  });

  it("F3 a planned one whose primary went down meanwhile prints the unplanned one; behind its own call that is no veto", () => {
    const planned = { ...check, input: anInput({ kind: "planned" }) };
    const { ending } = next(planned, seenOf(dead, { ...at(10_000), ...read(well) })).run;
    expect(ending?.says).toContain("planned-but-down");
    expect(ending?.nextCommand).toMatch(/^responder failover orders-db --reason "…"(?! --planned)/);
    // What a bare one lifted is asked again of the unplanned one, and what stood in that moment is looked at again.
    for (const force of [true, ["only-our-path-cut"]] as const) {
      const input = anInput({ kind: "planned", force: force === true ? true : [...force] });
      const said = next({ ...planned, input }, seenOf(dead, { ...at(10_000), ...read(well) })).run.ending;
      expect(said?.nextCommand).not.toMatch(/--planned|--force($| --)|only-our-path-cut/);
    }
    const fenced = { ...planned, sent: { wall: of, fence: of }, groupsBefore: ["sg-app"] };
    const behindFence = next(fenced, seenOf(dead, { ...at(10_000), ...read(well) })).run;
    expect(JSON.stringify(behindFence)).not.toContain("planned-but-down");
    const called = { ...planned, sent: { execute: { ...of, at: noon - 60_000, answer: "none" as const } } };
    const after = next(called, seenOf(dead, { ...at(10_000), ...read(well) })).run;
    expect(JSON.stringify(after)).not.toContain("planned-but-down");
  });

  it("F1 where an overridden name leads stands on the card", () => {
    const input = anInput({ force: ["name-leads-away", "primary-alive"] });
    const asks = { ...check, approved: false, times: { ...check.times, approved: null }, input };
    const step = next(asks, seenOf(aGroup(), read(away)));
    expect(step.run.phase).toBe("approve");
    expect(JSON.stringify(approvalMessage(step.run, aGroup()))).toContain(
      `Overridden: record orders.internal leads to ${stranger}, which is none of this group`,
    );
  });
});

describe("the name of a deleted old primary", () => {
  const alone = { ...promoted, nodes: promoted.nodes.filter(({ id }) => id !== "orders-db") };
  const itsName = { ...away, stranger: "orders-db.abc.rds.amazonaws.com", formerly: "orders-db" };

  it("F7 is left with nobody by one lost answer of RDS", () => {
    const see = (afterMs: number, oldGone: boolean | null) =>
      seenOf(alone, { ...at(afterMs), ...read(itsName), oldGone });
    expect(next(behind, see(0, true))).toMatchObject({ effect: { kind: "point" } });
    expect(next(behind, see(9999, null)).is).toBe("wait");
    const typed = redrive(ended(behind, "repoint"), noon + 10_000, true, ["name-leads-away"]);
    expect(next(typed, see(10_000, null))).toMatchObject({ effect: { kind: "point" } });
    expect(next(behind, see(10_000, null)).run.ending?.says).toContain(
      "the name of orders-db, which people renamed",
    );
  });
});
