import { describe, expect, it } from "vitest";
import type { MetricFact } from "../../../functions/core/facts/metric-facts.ts";
import { sumOfMetrics } from "../../../functions/core/facts/metric-sum.ts";

const minute = (n: number) => new Date(Date.UTC(2026, 10, 21, 9, n)).toISOString();

/** Values of the minutes that have one, by minute. */
function fact(values: Readonly<Record<number, number>>, more: Partial<MetricFact> = {}): MetricFact {
  const points = Object.entries(values).map(([n, value]) => ({ at: minute(Number(n)), value }));
  const all = points.map(({ value }) => value);
  const last = points.at(-1);
  if (last === undefined) throw new Error("no value");
  return {
    ...{
      id: "ReadIOPS",
      subject: "orders-db",
      statistic: "Average",
      points,
      latest: last.value,
      at: last.at,
    },
    ...{ peak: Math.max(...all), lowest: Math.min(...all), day: null, week: null, capacity: null },
    held: { day: null, week: null },
    earlier: null,
    ...more,
  };
}

describe("two metrics added up", () => {
  it("M1 ends at the newest minute that both have, whichever is late", () => {
    const [early, late] = [fact({ 1: 10, 2: 20, 3: 30, 4: 40 }), fact({ 1: 1, 2: 2 })];
    for (const sum of [sumOfMetrics(early, late), sumOfMetrics(late, early)]) {
      expect(sum).toMatchObject({ latest: 22, at: minute(2), peak: 22, lowest: 11 });
    }
  });

  it("M1 takes a minute that one lacks for no minute of nothing", () => {
    const sum = sumOfMetrics(fact({ 1: 10, 2: 20, 3: 30 }), fact({ 1: 1, 3: 3 }));
    expect(sum?.points.map(({ value }) => value)).toEqual([11, 33]);
  });

  it("M1 is the fresher alone where they had none in common for five minutes, and the one that was read", () => {
    const [early, late] = [fact({ 1: 10, 9: 90 }), fact({ 1: 1 })];
    expect(sumOfMetrics(early, late)).toBe(early);
    expect(sumOfMetrics(late, early)).toBe(early);
    expect(sumOfMetrics(null, late)).toBe(late);
    expect(sumOfMetrics(fact({ 1: 10, 6: 60 }), late)?.latest).toBe(11);
  });

  it("M1 adds the hours before step by step, and knows none of a step that one lacks", () => {
    const hours = (...values: (number | null)[]) => ({
      earlier: { from: minute(0), stepSeconds: 300, values },
    });
    const sum = sumOfMetrics(fact({ 1: 10 }, hours(5, 6, null)), fact({ 1: 1 }, hours(1, null, 3)));
    expect(sum?.earlier?.values).toEqual([6, null, null]);
    expect(sumOfMetrics(fact({ 1: 10 }, hours(5)), fact({ 1: 1 }))?.earlier).toBeNull();
  });

  it("M1 knows of summaries what they tell: the newest of the same minute, and bounds", () => {
    const [a, b] = [fact({ 5: 50 }, { points: [], lowest: 10, peak: 60 }), fact({ 4: 4, 5: 5 })];
    expect(sumOfMetrics(a, b)).toMatchObject({ latest: 55, points: [], lowest: 14, peak: 65 });
  });
});
