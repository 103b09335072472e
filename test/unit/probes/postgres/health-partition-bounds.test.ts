import { describe, expect, it } from "vitest";
import {
  addStep,
  gapsBetween,
  missingAfter,
  parseBound,
  stepOf,
} from "../../../../functions/core/probes/postgres/partition-bounds.ts";

const at = (day: string) => Date.parse(`${day}T00:00:00Z`);
const range = (from: string | null, to: string | null) => ({
  name: `${from}`,
  fromMs: from === null ? null : at(from),
  toMs: to === null ? null : at(to),
});

describe("partition bounds", () => {
  it("P17 reads dates, times and open ends, and nothing else", () => {
    expect(parseBound("FOR VALUES FROM ('2026-01-01') TO ('2026-02-01')")).toEqual({
      kind: "range",
      fromMs: at("2026-01-01"),
      toMs: at("2026-02-01"),
    });
    expect(parseBound("FOR VALUES FROM (MINVALUE) TO ('2026-02-01 00:00:00+00')")).toEqual({
      kind: "range",
      fromMs: null,
      toMs: at("2026-02-01"),
    });
    expect(parseBound("DEFAULT").kind).toBe("default");
    for (const other of [
      "FOR VALUES IN ('x')",
      "FOR VALUES FROM ('1') TO ('2')",
      "FOR VALUES FROM ('a', 1) TO ('b', 2)",
      "",
    ]) {
      expect(parseBound(other).kind).toBe("other");
    }
  });

  it("P17 tells months from days whatever their length", () => {
    expect(stepOf([range("2026-02-01", "2026-03-01"), range("2026-01-01", "2026-02-01")])).toEqual({
      months: 1,
    });
    expect(stepOf([range("2026-01-01", "2026-04-01")])).toEqual({ months: 3 });
    expect(stepOf([range("2025-01-01", "2026-01-01")])).toEqual({ months: 12 });
    expect(stepOf([range("2026-01-01", "2026-01-08")])).toEqual({ ms: 7 * 86_400_000 });
    expect(stepOf([range(null, "2026-01-08")])).toBeNull();
  });

  it("P17 names the partitions to be made, and gaps between those that are", () => {
    expect(missingAfter(at("2026-11-01"), at("2027-01-15"), { months: 1 }).map(({ toMs }) => toMs)).toEqual([
      at("2026-12-01"),
      at("2027-01-01"),
      at("2027-02-01"),
    ]);
    expect(missingAfter(at("2027-02-01"), at("2027-01-15"), { months: 1 })).toEqual([]);
    expect(gapsBetween([range("2026-03-01", "2026-04-01"), range("2026-01-01", "2026-02-01")])).toEqual([
      { fromMs: at("2026-02-01"), toMs: at("2026-03-01") },
    ]);
    expect(addStep(at("2026-01-31"), { months: 1 })).toBe(at("2026-02-28"));
  });
});
