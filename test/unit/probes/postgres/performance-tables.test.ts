import { describe, expect, it } from "vitest";
import { autovacuumPlan } from "../../../../functions/core/probes/postgres/tables/autovacuum.ts";
import { type ColumnWidth, estimateBloat } from "../../../../functions/core/probes/postgres/tables/bloat.ts";

const fixed = (length: number, align: string): ColumnWidth => ({
  length,
  align,
  nullFraction: 0,
  averageWidth: length,
});
const text = (averageWidth: number | null): ColumnWidth => ({
  length: -1,
  align: "i",
  nullFraction: 0,
  averageWidth,
});
const table = { pages: 1000, rows: 185_000, fillfactor: 100, blockSize: 8192, columns: [fixed(8, "d")] };

const settings = {
  autovacuum: true,
  vacuum_threshold: 50,
  vacuum_scale_factor: 0.2,
  vacuum_max_threshold: null,
  analyze_threshold: 50,
  analyze_scale_factor: 0.1,
  block_size: 8192,
};

describe("estimateBloat", () => {
  it("P9 counts by hand: 24 bytes header, 8 data, 4 pointer leave room for 226 rows a page", () => {
    // (8192 - 24) / 36 = 226.9; 185,000 rows need 819 pages of the 1,000.
    expect(estimateBloat(table)).toEqual({
      kind: "estimated",
      bytes: 181 * 8192,
      percent: 18.1,
      basis: "statistics",
    });
  });

  it("P9 finds none in a table that is as small as it can be, and never less than none", () => {
    expect(estimateBloat({ ...table, pages: 819 })).toMatchObject({ bytes: 0, percent: 0 });
    expect(estimateBloat({ ...table, pages: 700 })).toMatchObject({ bytes: 0, percent: 0 });
  });

  it("P9 pads what must be aligned: columns in a bad order take more", () => {
    const rowsInOrder = estimateBloat({ ...table, columns: [fixed(8, "d"), fixed(4, "i"), fixed(4, "i")] });
    // 44 bytes a row with its pointer, 185 a page: all 1,000 pages are needed. With gaps 52, and 157.
    expect(rowsInOrder).toMatchObject({ bytes: 0 });
    expect(
      estimateBloat({ ...table, pages: 1179, columns: [fixed(8, "d"), fixed(4, "i"), fixed(4, "i")] }),
    ).toMatchObject({
      bytes: 179 * 8192,
    });
    expect(
      estimateBloat({ ...table, pages: 1179, columns: [fixed(4, "i"), fixed(8, "d"), fixed(4, "i")] }),
    ).toMatchObject({
      bytes: 0,
    });
  });

  it("P9 does not take the space that fillfactor keeps free for bloat", () => {
    // 5710 usable bytes hold 158 rows: 185,000 rows need 1,171 pages.
    expect(estimateBloat({ ...table, fillfactor: 70, pages: 1171 })).toMatchObject({ bytes: 0 });
    expect(estimateBloat({ ...table, fillfactor: 70, pages: 1271 })).toMatchObject({ bytes: 100 * 8192 });
  });

  it("P9 says that it cannot know rather than zero", () => {
    expect(estimateBloat({ ...table, rows: -1 })).toEqual({ kind: "unavailable", because: "never-analyzed" });
    expect(estimateBloat({ ...table, columns: [fixed(8, "d"), text(null)] })).toEqual({
      kind: "unavailable",
      because: "no-column-statistics",
    });
    expect(
      estimateBloat({ ...table, columns: [{ ...fixed(8, "d"), averageWidth: null, nullFraction: null }] }),
    ).toMatchObject({ basis: "types", percent: 18.1 });
  });
});

describe("autovacuumPlan", () => {
  it("P9 takes the table's own settings before the server's", () => {
    const options = ["autovacuum_vacuum_scale_factor=0.01", "autovacuum_enabled=off", "fillfactor=80"];

    expect(autovacuumPlan(settings, null, 10_000)).toEqual({
      enabled: true,
      vacuumAtDeadRows: 2050,
      analyzeAtChangedRows: 1050,
      fillfactor: 100,
    });
    expect(autovacuumPlan(settings, options, 10_000)).toEqual({
      enabled: false,
      vacuumAtDeadRows: 150,
      analyzeAtChangedRows: 1050,
      fillfactor: 80,
    });
  });

  it("P9 knows PostgreSQL 18's cap, and that a negative one is none", () => {
    const capped = { ...settings, vacuum_max_threshold: 100_000 };

    expect(autovacuumPlan(capped, null, 10_000_000).vacuumAtDeadRows).toBe(100_000);
    expect(autovacuumPlan(capped, ["autovacuum_vacuum_max_threshold=-1"], 10_000_000).vacuumAtDeadRows).toBe(
      2_000_050,
    );
  });
});
