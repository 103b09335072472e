import { describe, expect, it } from "vitest";
import { outsideCapacity } from "../../../../functions/core/facts/connection-limit.ts";
import { connectionLeak } from "../../../../functions/core/rules/connections/connection-leak.ts";
import { connectionsNearLimit } from "../../../../functions/core/rules/connections/connections-near-limit.ts";
import { aConnection, anAlarm, collectedAt } from "../../../support/evidence-builder.ts";
import { anEvent, held, type MetricScene, metricView } from "../../../support/metric-scene.ts";

/** db.m7g.large: 2 vCPUs, 8 GiB, some 811 connections by default. */
function outside(values: Record<string, readonly number[]>, scene: MetricScene = {}) {
  const { signal = null, ...others } = scene.overrides ?? {};
  return metricView({
    values,
    ...scene,
    overrides: { connection: aConnection({ status: "not-tried" }), probes: [], signal, ...others },
  });
}

const near = (view: ReturnType<typeof outside>) => connectionsNearLimit.evaluate(view)[0];
const alarm = (comparison: string) => ({
  overrides: { signal: anAlarm("DatabaseConnections", { comparison, threshold: 500 }) },
});
const noisy = [520, 508, 515, 530, 511, 519, 525, 510, 516, 522, 513, 518];
const climbing = Array.from({ length: 15 }, (_, minute) => 600 + 8 * minute);

describe("connections from outside", () => {
  it("D4 reads an alarm on too few of them as no sign of too many", () => {
    expect(near(outside({ DatabaseConnections: held(4) }, alarm("LessThanThreshold")))).toBeUndefined();
  });

  it("D7 takes a flat 64 % with little load for a note, whatever the alarm says", () => {
    const calm = outside({ DatabaseConnections: noisy, DBLoad: held(0.3) }, alarm("GreaterThanThreshold"));
    expect(near(calm)).toMatchObject({ severity: "P3", summary: expect.stringContaining("about 64 %") });
    const busy = outside({ DatabaseConnections: noisy, DBLoad: held(6) }, alarm("GreaterThanThreshold"));
    expect(near(busy)).toMatchObject({ severity: "P2" });
    const unseen = outside({ DatabaseConnections: noisy }, alarm("GreaterThanThreshold"));
    expect(near(unseen)).toMatchObject({ severity: "P2" });
  });

  it("D7 has no word for as many as ever, far from the limit: the alarm's threshold is what is near", () => {
    const of = (count: number, usual: number) =>
      near(
        outside(
          { DatabaseConnections: held(count), DBLoad: held(0.3) },
          {
            overrides: {
              signal: anAlarm("DatabaseConnections", { comparison: "GreaterThanThreshold", threshold: 200 }),
            },
            readings: { DatabaseConnections: { baselineDay: usual, baselineWeek: usual } },
          },
        ),
      );
    expect(of(260, 255)).toBeUndefined();
    expect(of(260, 120)).toBeDefined();
    expect(of(420, 415)).toMatchObject({ severity: "P3" });
  });

  it("D7 has a note for more than ever, where they are a few of a hundred, stay as many and work little", () => {
    const of = (counts: readonly number[], load: number | null, usual = 30, work: number | null = null) =>
      near(
        outside(
          { DatabaseConnections: counts, ...(load === null ? {} : { DBLoad: held(load) }) },
          {
            overrides: {
              signal: anAlarm("DatabaseConnections", { comparison: "GreaterThanThreshold", threshold: 60 }),
            },
            readings: {
              DatabaseConnections: { baselineDay: usual, baselineWeek: usual },
              DBLoad: { baselineDay: work, baselineWeek: work },
            },
          },
        ),
      );
    // Of a limit that nobody told, a pool that is full and idle looks the same.
    expect(of(held(90), 0.3)?.severity).toBe("P3");
    expect(of(held(90), 1.2)?.severity).toBe("P3");
    expect(of(held(90), 0.3, 75)).toBeUndefined();
    // Many times as many at work as ever may all wait for one lock.
    expect(of(held(90), 1.2, 75, 0.3)).toMatchObject({ severity: "P2" });
    // They work, or nobody measured it; they climb; they are a quarter of the limit.
    expect(of(held(90), 3)).toMatchObject({ severity: "P2" });
    expect(of(held(90), null)).toMatchObject({ severity: "P2" });
    expect(
      of(
        Array.from({ length: 15 }, (_, minute) => 62 + 2 * minute),
        0.3,
      ),
    ).toBeDefined();
    expect(of(held(210), 0.3)).toBeDefined();
  });

  it("D4 counts against the limit that an event names, before the default of the class", () => {
    const events = (message: string) => ({ events: [anEvent(5, "notification", message)] });
    const of = (message: string, values: Record<string, readonly number[]> = {}) =>
      outsideCapacity(outside(values, events(message)));
    expect(of("The instance has 482 of 500 connections in use.")).toMatchObject({ used: 482, limit: 500 });
    expect(of("max_connections nearly reached: 1,900/2,000")).toMatchObject({ used: 1900, limit: 2000 });
    expect(of("96 out of 100 client connections", { DatabaseConnections: held(97) })).toMatchObject({
      used: 97,
      limit: 100,
    });
    expect(of("Finished 3 of 4 steps; connections were closed")).toBeNull();
    const view = outside({}, events("The instance has 482 of 500 connections in use."));
    expect(near(view)).toMatchObject({ severity: "P1" });
  });

  it("D4 tells a leak by a steady climb without work, and its time until the slots are full", () => {
    const view = outside({ DatabaseConnections: climbing, DBLoad: held(0.4) });
    expect(connectionLeak.evaluate(view)[0]).toMatchObject({
      severity: "P2",
      summary: expect.stringMatching(/from 600 to 712 in 14 min .*no slot is left in 1\d min/),
      explains: [{ cause: "connections-near-limit" }],
    });
    expect(connectionLeak.evaluate(outside({ DatabaseConnections: climbing, DBLoad: held(9) }))).toEqual([]);
    expect(connectionLeak.evaluate(outside({ DatabaseConnections: climbing }))).toEqual([]);
    expect(connectionLeak.evaluate(outside({ DatabaseConnections: held(700), DBLoad: held(0.4) }))).toEqual(
      [],
    );
  });

  it("D4 tells a leak that climbs in a straight line for hours, of which minutes show little but noise", () => {
    const rough = [6, -9, 3, -4, 8, -7, 2, -1, 5, -6, 9, -3, 1, -2, 4];
    const line = (perMinute: number) =>
      rough.map((noise, minute) => Math.round(560 + perMinute * minute + noise));
    const leakOf = (values: readonly number[], usual: number, load = 0.4) =>
      connectionLeak.evaluate(
        outside(
          { DatabaseConnections: values, DBLoad: held(load) },
          { readings: { DatabaseConnections: { baselineDay: usual, baselineWeek: usual } } },
        ),
      )[0];
    expect(leakOf(line(1.5), 90)?.summary).toMatch(/from 90 to 5\d\d in some [4-8] h/);
    expect(leakOf(line(0), 90)).toBeUndefined();
    expect(leakOf(line(1.5), 540)).toBeUndefined();
    expect(leakOf(line(1.5), 90, 9)).toBeUndefined();
    // It would have begun a week ago.
    expect(leakOf(line(0.2), 90)).toBeUndefined();
  });

  it("D4 tells a leak of hours as the hours have it, where they were read, and no leap among them", () => {
    const noise = [6, -9, 3, -4, 8, -7, 2, -1, 5, -6, 9, -3];
    const leakOf = (of: (minutesAgo: number) => number) => {
      const rough = (minutesAgo: number) => Math.round(of(minutesAgo) + (noise[minutesAgo % 12] ?? 0));
      const values = Array.from({ length: 15 }, (_, minute) => rough(15 - minute));
      const earlier = {
        from: new Date(Date.parse(collectedAt) - 195 * 60_000).toISOString(),
        stepSeconds: 300,
        values: Array.from({ length: 36 }, (_, step) => rough(192 - 5 * step)),
      };
      const readings = { DatabaseConnections: { baselineDay: 90, baselineWeek: 92, earlier } };
      return connectionLeak.evaluate(
        outside({ DatabaseConnections: values, DBLoad: held(0.4) }, { readings }),
      )[0];
    };
    expect(leakOf((ago) => 760 - 1.1 * ago)?.summary).toMatch(/from 5\d\d to 7\d\d in some 3 h/);
    // It was as usual until an hour and a half ago.
    expect(leakOf((ago) => Math.max(90, 650 - 6.2 * ago))?.summary).toMatch(
      /from \d+ to 6\d\d in some 1 h 2\d min/,
    );
    expect(leakOf((ago) => (ago > 100 ? 90 : 640))).toBeUndefined();
    expect(leakOf((ago) => (ago > 100 ? 560 : 640))).toBeUndefined();
    expect(leakOf(() => 640)).toBeUndefined();
  });

  it("D7 tells a leak of hours without Performance Insights, by the CPU and the network of every day", () => {
    const usual = { DatabaseConnections: 64, CPUUtilization: 22, NetworkReceiveThroughput: 6e5 };
    const leakOf = (more: Record<string, readonly number[]>, perMinute = 3) => {
      const values = {
        DatabaseConnections: Array.from({ length: 15 }, (_, minute) => 560 + perMinute * minute),
        CPUUtilization: held(22),
        NetworkReceiveThroughput: held(6e5),
        NetworkTransmitThroughput: held(2e6),
        ...more,
      };
      const baselines = { ...usual, NetworkTransmitThroughput: 2e6 };
      const readings = Object.fromEntries(
        Object.entries(baselines).map(([id, value]) => [id, { baselineDay: value, baselineWeek: value }]),
      );
      return connectionLeak.evaluate(outside(values, { readings }))[0];
    };
    expect(leakOf({})).toMatchObject({
      summary: expect.stringMatching(/from 64 to 602 in some 2 h 5\d min .* CPU and network are as ever/),
      explains: [{ cause: "connections-near-limit" }],
    });
    // A queue behind a lock sends less, a wave of work more; one that stands still climbs no more.
    expect(leakOf({ NetworkTransmitThroughput: held(1.2e6) })).toBeUndefined();
    expect(leakOf({ CPUUtilization: held(34) })).toBeUndefined();
    expect(leakOf({}, 0)).toBeUndefined();
    // Of a leap a few minutes ago nobody knows yet whether it goes on.
    expect(leakOf({}, 20)).toBeUndefined();
  });

  it("D4 takes a leap to the limit, and the level behind it, for no climb", () => {
    const leakOf = (values: readonly number[]) =>
      connectionLeak.evaluate(outside({ DatabaseConnections: values, DBLoad: held(0.4) }))[0];
    for (const before of [5, 6, 7, 8, 9]) {
      const leap = [...held(410, before), 560, ...held(790, 14 - before)];
      expect(leakOf(leap), `${before} minutes before it`).toBeUndefined();
    }
    // One that has come to the limit two minutes ago has climbed.
    const ended = Array.from({ length: 15 }, (_, minute) => Math.min(790, 600 + 16 * minute));
    expect(leakOf(ended)).toBeDefined();
  });

  it("D4 knows the ramp of every morning", () => {
    const readings = { DatabaseConnections: { baselineDay: 690, baselineWeek: 700 } };
    const view = outside({ DatabaseConnections: climbing, DBLoad: held(0.4) }, { readings });
    expect(connectionLeak.evaluate(view)).toEqual([]);
  });

  it("D4 takes an alarm for over whose number is below its threshold again, and never calls that above it", () => {
    const over = [...held(640).slice(0, 11), 640, 641, 642];
    const back = outside({ DatabaseConnections: [...over, 212] }, alarm("GreaterThanThreshold"));
    expect(near(back)).toBeUndefined();
    const still = outside({ DatabaseConnections: over }, alarm("GreaterThanThreshold"));
    expect(near(still)?.summary).toContain("642 connections, over the alarm's threshold of 500");
  });

  it("D4 says how many there were before, and of a limit that is passed that it was assumed", () => {
    const readings = { DatabaseConnections: { baselineDay: 201, baselineWeek: 198 } };
    const risen = [200, 200, 200, 520, 800, 840, 845, 850];
    const said = near(outside({ DatabaseConnections: risen, DBLoad: held(3) }, { readings }))?.summary;
    expect(said).toContain("850 connections, above some 811 (the default of db.m7g.large");
    expect(said).toContain("200 before they rose 5 min ago; 201 a day ago and 198 a week ago");
    expect(said).not.toContain("no slot is left");
    // What rises from the first point on may have risen before: that is no number of before.
    const climbing = near(outside({ DatabaseConnections: risen.slice(2), DBLoad: held(3) }, { readings }));
    expect(climbing?.summary).toContain("200 when the window began, 5 min ago; 201 a day ago");
  });
});
