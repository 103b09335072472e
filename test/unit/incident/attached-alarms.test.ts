import { describe, expect, it } from "vitest";
import { secondsLater } from "../../support/incident-builder.ts";
import { aSight, aSummary, look, play, signalled, well } from "../../support/incident-play.ts";

const fired = signalled(0);
const value = (seconds: number, bytes: number) => ({ at: secondsLater(seconds), value: bytes });

describe("an alarm that was attached", () => {
  it("S12 that stands with its metric unread keeps a database from being well, and is a person's matter", () => {
    const unread = [aSight({ missing: "GetMetricData failed: AccessDenied" })];
    const looks = Array.from({ length: 40 }, (_, n) => look(n + 1, n * 60, well, { alarms: unread }));
    const incident = play([fired, ...looks]);
    expect(incident.status).toBe("escalated");
    expect(incident.severity).toBe("P2");
    expect(incident.step.kind).toBe("watch");
    const escalation = incident.timeline.find(({ kind }) => kind === "escalation");
    expect(escalation?.says).toContain("orders-storage");
    expect(escalation?.says).toContain("FreeStorageSpace could not be read");
    expect(escalation?.says).toContain("the cause was not found");
  });

  it("S12 tighter than our own threshold keeps it from being well as long as its metric breaches it", () => {
    const breaching = look(1, 0, well, { alarms: [aSight({ latest: value(-60, 4000) })] });
    const incident = play([fired, breaching]);
    expect(incident.healthySince).toBeNull();
    expect(incident.timeline.at(-1)?.says).toContain("FreeStorageSpace was 4000");
    expect(incident.timeline.at(-1)?.says).toContain("below 5000");
  });

  it.each([
    ["its metric lies inside its own threshold", { latest: value(0, 6000) }],
    ["CloudWatch answers OK, though the event was lost", { state: "OK" as const }],
    ["it does not exist any more", { state: "gone" as const }],
  ])("S12 holds nothing back when %s", (_why, sight) => {
    const incident = play([fired, look(1, 60, well, { alarms: [aSight(sight)] })]);
    expect(incident.healthySince).toBe(secondsLater(60));
    expect(incident.status).toBe("monitoring");
  });

  it("S12 holds nothing back after its own OK", () => {
    const incident = play([fired, signalled(30, { state: "OK" }), look(1, 60, well)]);
    expect(incident.healthySince).toBe(secondsLater(60));
  });

  it("S12 is not ended by an OK that is older than its newest ALARM", () => {
    const late = signalled(30, { state: "OK" });
    const again = signalled(40);
    const incident = play([fired, again, late, look(1, 60, well)]);
    expect(incident.healthySince).toBeNull();
  });

  it("S12 is not ended by what CloudWatch answered before it fired", () => {
    const answered = { alarms: [aSight({ state: "OK" })], alarmSignalsSeen: 0 };
    const incident = play([fired, look(1, 60, well, answered)]);
    expect(incident.alarms[0]?.standing).toBe(true);
    expect(incident.healthySince).toBeNull();
  });

  it("S12 with a value that is too old is not known to lie inside", () => {
    const old = look(1, 3600, well, { alarms: [aSight({ latest: value(0, 6000) })] });
    expect(play([fired, old]).healthySince).toBeNull();
  });

  it.each([
    ["GreaterThanThreshold", 5000, true],
    ["GreaterThanOrEqualToThreshold", 5000, false],
    ["LessThanThreshold", 5000, true],
    ["LessThanOrEqualToThreshold", 5000, false],
  ])("S12 by %s of 5000, a value of %d lies inside: %s", (comparison, bytes, isInside) => {
    const alarm = signalled(0, { comparison });
    const incident = play([alarm, look(1, 60, well, { alarms: [aSight({ latest: value(0, bytes) })] })]);
    expect(incident.healthySince !== null).toBe(isInside);
  });

  it.each([
    ["metric math or a composite", { oneMetric: false }],
    ["a band", { comparison: "GreaterThanUpperThreshold", threshold: null }],
  ])("S12 on %s counts by its state alone", (_what, overrides) => {
    const sights = [aSight({ latest: value(0, 6000) })];
    const incident = play([signalled(0, overrides), look(1, 60, well, { alarms: sights })]);
    expect(incident.healthySince).toBeNull();
    expect(incident.timeline.at(-1)?.says).toContain("only its state counts");
  });

  it("S12 one of two that stands is enough", () => {
    const other = signalled(1, { name: "orders-cpu", arn: null });
    const incident = play([fired, other, look(1, 60, well, { alarms: [aSight({ state: "OK" })] })]);
    expect(incident.healthySince).toBeNull();
    expect(incident.timeline.at(-1)?.says).toContain("orders-cpu");
  });

  it("S12 of RDS has no state to go back to: an event holds nothing back", () => {
    const event = signalled(0, { kind: "rds-event", name: "RDS-EVENT-0006 orders-prod" });
    expect(play([event, look(1, 60, well)]).healthySince).toBe(secondsLater(60));
  });

  it("Q3 a thousand different ones keep the incident small", () => {
    const many = Array.from({ length: 1000 }, (_, n) => signalled(n, { name: `alarm-${n}`, arn: null }));
    expect(play(many).alarms).toHaveLength(60);
  });

  it("S12 that stands after its cause has gone is not said to have no cause", () => {
    const incident = play([fired, look(1, 2, aSummary()), look(2, 60, well)]);
    expect(incident.healthySince).toBeNull();
    expect(incident.timeline.at(-1)?.says).toContain("what was wrong is not found any more");
  });
});
