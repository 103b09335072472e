import { describe, expect, it } from "vitest";
import type { LoadDimension } from "../../../../functions/core/contract/context.ts";
import { spillingQuery } from "../../../../functions/core/rules/queries/spilling-query.ts";
import { storageLow } from "../../../../functions/core/rules/resources/storage-low.ts";
import { historyListGrowth } from "../../../../functions/core/rules/vacuum/history-list-growth.ts";
import { anAlarm } from "../../../support/evidence-builder.ts";
import { aVolume } from "../../../support/kind-scene.ts";
import { held, type MetricScene, metricView } from "../../../support/metric-scene.ts";

const gib = 1024 ** 3;
const falls = (from: number, to: number, minutes = 10): number[] =>
  Array.from({ length: minutes }, (_, at) => (from + ((to - from) * at) / (minutes - 1)) * gib);
const self = { storage: aVolume({ allocatedGib: 200 }) };

describe("a history list that nobody got in to see", () => {
  const lists = (points: readonly number[], reading: object = {}, scene: MetricScene = {}) =>
    historyListGrowth.evaluate(
      metricView({
        engine: "mysql",
        values: { RollbackSegmentHistoryListLength: points, ...scene.values },
        readings: { RollbackSegmentHistoryListLength: reading, ...scene.readings },
        ...(scene.overrides ? { overrides: scene.overrides } : {}),
      }),
    );
  const climbing = Array.from({ length: 12 }, (_, at) => 400_000 + 9_000 * at);

  it("D4 is told by CloudWatch with its pace, and where to look for who holds it", () => {
    const reading = { baselineDay: 900, baselineWeek: 700 };
    const slow = { baselineDay: 0.0004, baselineWeek: 0.0005 };
    const [finding] = lists(climbing, reading, {
      values: { SelectLatency: held(4) },
      readings: { SelectLatency: slow },
    });
    expect(finding).toMatchObject({ severity: "P2" });
    expect(finding?.summary).toContain("history list, 900 as a rule, 9,000 more a minute");
    const says = finding?.evidence.map((each) => each.says).join("\n");
    expect(says).toContain("4 ms a statement");
    expect(says).toContain("INNODB_TRX");
    expect(finding?.actions).toEqual([]);
  });

  it("D4 names the instance on which the oldest transaction is open, where it is old", () => {
    const told = (seconds: number) =>
      lists(climbing, {}, { values: { TransactionAgeMaximum: held(seconds) } })[0]?.summary;
    expect(told(33_000)).toMatch(
      /: a transaction that is open for 9 h 10 min on \S+ \(TransactionAgeMaximum\) most likely still needs them/,
    );
    expect(told(20)).not.toContain("open for");
  });

  it("D4 names none that is younger than the growth, and none beside a list that shrinks", () => {
    const told = (points: readonly number[], seconds: number) =>
      lists(
        points,
        { baselineDay: 900, baselineWeek: 700 },
        { values: { TransactionAgeMaximum: held(seconds) } },
      )[0]?.summary;
    // By its pace it has grown for 55 min.
    for (const minutes of [5, 20]) {
      expect(told(climbing, 60 * minutes)).toContain(": a transaction of about 55 min 21 s ago most likely");
    }
    expect(told(climbing, 7200)).toContain(": a transaction that is open for 2 h on ");
    for (const seconds of [300, 7200]) {
      expect(told(climbing.toReversed(), seconds)).toContain(": a transaction or a long read most likely");
    }
    // Of one that stands still nobody knows for how long it grew: at least since it has been long.
    expect(told(held(300_000, 60), 300)).not.toContain("open for");
  });

  it("D4 is no news where it is short, as long as ever, or long for a minute", () => {
    expect(lists(held(9_000))).toEqual([]);
    expect(lists(held(300_000), { baselineDay: 290_000, baselineWeek: 310_000 })).toEqual([]);
    expect(lists([...held(900), 200_000], { baselineDay: 900, baselineWeek: 900 })).toEqual([]);
  });

  it("D4 is a note where it shrinks, and no alarm stands on it", () => {
    const shrinking = climbing.toReversed();
    const overrides = { signal: anAlarm("RollbackSegmentHistoryListLength") };
    expect(lists(shrinking)).toMatchObject([{ severity: "P3", explains: [] }]);
    expect(lists(shrinking, {}, { overrides })).toMatchObject([{ severity: "P2" }]);
  });
});

describe("temporary files that fill the volume, from outside", () => {
  const query = "SELECT a, count(*) FROM visits JOIN pages USING (site) GROUP BY a";
  const seen = (free: readonly number[], waits: Readonly<Record<string, number>>) => {
    const load = Object.values(waits).reduce((sum, each) => sum + each, 0);
    const split = Object.entries(waits).map(([name, each]) => ({ name, load: each }));
    const dimensions: LoadDimension[] = [
      { by: "wait-event", items: split.map((each) => ({ ...each, id: null, waits: [] })) },
      { by: "statement", items: [{ name: query, id: null, load, waits: split }] },
    ];
    const values = { FreeStorageSpace: free };
    const view = metricView({ self, values, context: { load: dimensions } });
    return { ...view, server: null, connections: null, sessions: null, forests: null };
  };
  const spilling = { "IO:BufFileWrite": 2, CPU: 1 };

  it("D3 names the statement, which explains the storage, on MySQL too", () => {
    for (const waits of [spilling, { "io/file/sql/hash_join": 2, CPU: 1 }]) {
      const [finding] = spillingQuery.evaluate(seen(falls(60, 20), waits));
      expect(finding).toMatchObject({ severity: "P2", actions: [] });
      expect(finding?.summary).toContain(query);
      expect(finding?.explains).toContainEqual(expect.objectContaining({ cause: "storage-low" }));
    }
  });

  it("D4 is a note while no storage falls, and nothing where the load waits for something else", () => {
    expect(spillingQuery.evaluate(seen(falls(60, 60), spilling))).toMatchObject([{ severity: "P3" }]);
    expect(spillingQuery.evaluate(seen(falls(60, 20), { "IO:DataFileRead": 2, CPU: 1 }))).toEqual([]);
  });

  it("A23 shows no call for storage that lasts minutes, and says how long it lasts where that is hours", () => {
    const grow = (free: readonly number[]) =>
      storageLow.evaluate(seen(free, spilling))[0]?.actions.find(({ id }) => id === "grow-storage");
    expect(grow(falls(60, 20))?.preview).toMatch(/^# No call is shown: .* 40 GiB more last 9 min/);
    expect(grow(falls(18, 15))?.consequence).toContain("At the pace of the last minutes it lasts 2 h");
    expect(grow(falls(15, 15))?.consequence).not.toContain("At the pace");
  });

  it("M1 goes by the pace of the last minutes where that is worse, unless it fell in one leap", () => {
    const summary = (free: readonly number[]) => storageLow.evaluate(seen(free, spilling))[0]?.summary;
    const late = [...Array.from({ length: 9 }, () => 60 * gib), ...falls(58, 28, 6)];
    expect(summary(late)).toContain("full in 4 min 40 s");
    const leap = [...Array.from({ length: 12 }, () => 60 * gib), 28 * gib, 28 * gib, 28 * gib];
    expect(summary(leap)).toContain("full in 12 min 15 s");
  });
});
