import { describe, expect, it } from "vitest";
import type { Incident } from "../../../functions/core/contract/incident.ts";
import type { IncidentEvent } from "../../../functions/core/incident/events.ts";
import { nextDatabase } from "../../../functions/core/incident/looked-at.ts";
import { anOutcome, aTarget, secondsLater } from "../../support/incident-builder.ts";
import { anAlarm, aSummary, look, opened, play, unknown, well } from "../../support/incident-play.ts";

const writer = aTarget();
const reader = aTarget({ name: "orders-r1", role: "reader" });

/** An alarm about a database of the group, already over: only whom it names matters here. */
function names(seconds: number, ...databases: (typeof writer)[]): IncidentEvent {
  const signal = anAlarm({ id: `event/${seconds}`, kind: "rds-event", at: secondsLater(seconds) });
  return { kind: "signal", at: secondsLater(seconds), signal, databases };
}

/** Opened by the reader's alarm; the writer's attaches. */
function readerThenWriter(): Incident {
  const start: Incident = {
    ...opened(),
    target: reader,
    databases: [{ name: reader.name, role: "reader", look: null }],
  };
  return play([names(0, reader), names(1, writer)], "auto", start);
}

describe("the databases of an incident", () => {
  it("S11 the writer is looked at first, and then every other one", () => {
    const start = readerThenWriter();
    expect(nextDatabase(start).name).toBe("orders-prod");
    const once = play([look(1, 2, well, { target: writer })], "auto", start);
    expect(nextDatabase(once).name).toBe("orders-r1");
    const twice = play([look(2, 3, well, { target: reader })], "auto", once);
    expect(nextDatabase(twice).name).toBe("orders-prod");
  });

  it("S11 a round through them has no waits, and then it waits as long as for one", () => {
    const once = play([look(1, 2, well, { target: writer })], "auto", readerThenWriter());
    expect(once.step).toMatchObject({ kind: "watch", seconds: 1 });
    const twice = play([look(2, 3, well, { target: reader })], "auto", once);
    expect(twice.step).toMatchObject({ kind: "watch", seconds: 60 });
    const third = play([look(3, 63, well, { target: writer })], "auto", twice);
    expect(third.step).toMatchObject({ kind: "watch", seconds: 1 });
  });

  it("V2 it is well when all of them are, and not before each was looked at", () => {
    const once = play([look(1, 2, well, { target: writer })], "auto", readerThenWriter());
    expect(once.healthySince).toBeNull();
    const bad = play([look(2, 3, unknown, { target: reader })], "auto", once);
    expect(bad.healthySince).toBeNull();
    expect(bad.timeline.at(-1)?.says).toContain("orders-r1");
    const good = play([look(2, 3, well, { target: reader })], "auto", once);
    expect(good.healthySince).toBe(secondsLater(3));
  });

  it("S11 it is about the database whose look was the worse, and acts on that one", () => {
    const start = readerThenWriter();
    const found = play([look(1, 2, aSummary(), { target: writer })], "auto", start);
    expect(found.target.name).toBe("orders-prod");
    expect(found.step.kind).toBe("act");
    expect(found.actions[0]?.database).toBe("orders-prod");
    const after = play([look(2, 3, well, { target: reader })], "auto", found);
    expect(after.target.name).toBe("orders-prod");
    expect(after.diagnosis?.verdict).toBe("unwell");
    expect(after.step).toMatchObject({
      kind: "watch",
      why: expect.stringContaining("orders-prod is not well"),
    });
  });

  it("V1 what was acted on is looked at next", () => {
    const found = play([look(1, 2, aSummary(), { target: writer })], "auto", readerThenWriter());
    const outcome = anOutcome({ actionKey: found.actions[0]?.key ?? "" });
    const acted = play([{ kind: "action-finished", at: secondsLater(4), outcome }], "auto", found);
    expect(nextDatabase(acted).name).toBe("orders-prod");
  });

  it("S11 role, address and tags are those of the newest look", () => {
    const demoted = aTarget({ role: "reader", host: "elsewhere", tags: { "rds-responder:mode": "observe" } });
    const joins = { name: "orders-prod-2", role: "writer" } as const;
    const incident = play([look(1, 2, well, { target: demoted, joins })]);
    expect(incident.target).toEqual(demoted);
    expect(nextDatabase(incident)).toMatchObject(joins);
    expect(incident.healthySince).toBeNull();
  });

  it("S11 one that RDS knows no more is told and not looked at again", () => {
    const start = readerThenWriter();
    const incident = play([look(1, 2, well, { target: writer, gone: "orders-r1" })], "auto", start);
    expect(incident.databases.map(({ name }) => name)).toEqual(["orders-prod"]);
    expect(incident.timeline.some(({ says }) => says.includes("orders-r1 is not known to RDS"))).toBe(true);
  });

  it("S11 an incident of an earlier version, without a list of databases, goes on with its target", () => {
    const old = { ...opened(), databases: [] };
    expect(nextDatabase(old).name).toBe("orders-prod");
    expect(play([look(1, 2, well)], "auto", old).healthySince).toBe(secondsLater(2));
  });

  it("S11 D7 a look that could not locate the one whose turn it was is that one's look, and saw nothing of it", () => {
    const unlocated = { name: "orders-r1", reason: "Throttling: Rate exceeded" };
    const once = play([look(1, 2, well, { target: writer })], "auto", readerThenWriter());
    const twice = play([look(2, 3, well, { target: writer, unlocated })], "auto", once);
    expect(twice.databases).toMatchObject([
      { name: "orders-r1", look: { verdict: "unknown", headline: expect.stringContaining("Throttling") } },
      { name: "orders-prod", look: { verdict: "well" } },
    ]);
    expect(twice.step).toMatchObject({ kind: "watch", seconds: 20 });
    expect(twice.timeline.at(-1)?.says).toContain("Throttling: Rate exceeded");
  });

  it("V4 RDS that does not answer for ten minutes is a person's matter, and is asked as often as ever", () => {
    const unlocated = { name: "orders-r1", reason: "AccessDenied" };
    let incident = readerThenWriter();
    let looks = 0;
    for (let seconds = 0; seconds <= 700; looks += 1) {
      const isReaders = nextDatabase(incident).name === "orders-r1";
      const more = { target: writer, ...(isReaders && { unlocated }) };
      incident = play([look(looks + 1, seconds, well, more)], "auto", incident);
      seconds += incident.step.kind === "watch" ? incident.step.seconds : 0;
    }
    expect(incident.status).toBe("escalated");
    expect(looks).toBeLessThan(80);
    const [escalation, ...more] = incident.timeline.filter(({ kind }) => kind === "escalation");
    expect(escalation?.says).toContain("AccessDenied");
    expect(more).toEqual([]);
  });

  it("Q3 a hundred names keep the incident small", () => {
    const many = Array.from({ length: 100 }, (_, n) => names(n, aTarget({ name: `orders-${n}` })));
    expect(play(many).databases).toHaveLength(16);
  });
});
