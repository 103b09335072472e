import { describe, expect, it } from "vitest";
import {
  type BtreeIndex,
  bloatPercent,
  rebuiltPages,
} from "../../../../functions/core/probes/postgres/index-bloat-estimate.ts";

const index = (parts: Partial<BtreeIndex>): BtreeIndex => ({
  ...{ tuples: 1_000_000, fillFactor: 90, deduplicates: false, blockBytes: 8192 },
  columns: [{ widthBytes: 8, nullFraction: 0, distinct: -1, alignBytes: 8 }],
  ...parts,
});

describe("B-tree size", () => {
  it("P10 knows the size of a unique bigint index of a million rows", () => {
    // CREATE INDEX on PostgreSQL 14 to 18 makes 2745 pages: 366 tuples of 20 bytes a leaf.
    expect(Math.abs(rebuiltPages(index({})) - 2745)).toBeLessThan(15);
  });

  it("P10 counts equal keys once where the index merges them", () => {
    const few = { columns: [{ widthBytes: 8, nullFraction: 0, distinct: 50, alignBytes: 8 }] };

    expect(rebuiltPages(index({ ...few, deduplicates: true }))).toBeLessThan(rebuiltPages(index(few)) * 0.36);
    expect(rebuiltPages(index({ deduplicates: true }))).toBe(rebuiltPages(index({})));
  });

  it("P10 never divides by nothing", () => {
    expect(rebuiltPages(index({ tuples: 0 }))).toBe(1);
    expect(bloatPercent(0, 1)).toBe(0);
    expect(bloatPercent(10, 20)).toBe(0);
  });
});
