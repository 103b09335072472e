import { describe, expect, it } from "vitest";
import { autoIncrementMaximum } from "../../../../functions/core/probes/mysql/key-use/maximum.ts";
import type { MysqlKeyUseRow } from "../../../../functions/core/probes/mysql/key-use/rows.ts";
import { keyExhausted as rule } from "../../../../functions/core/rules/integrity/key-exhausted.ts";
import { aProbe, aView, someEvidence } from "../../../support/evidence-builder.ts";

const row = (overrides: Partial<MysqlKeyUseRow> = {}): MysqlKeyUseRow => ({
  schema: "shop",
  table: "orders",
  column: "id",
  type: "int",
  nextValue: "1800000000",
  maxValue: "2147483647",
  usedPercent: 83.8,
  inserts: 900,
  failed: null,
  ...overrides,
});
const gone = { nextValue: "2147483647", usedPercent: 99.9999 };

function findingsOf(
  rows: readonly MysqlKeyUseRow[],
  server: { version?: string } = {},
  engine: "mysql" | "mariadb" = "mysql",
) {
  const { probes } = someEvidence({ engine, server });
  return rule.evaluate(
    aView({ engine, overrides: { probes: [...probes, aProbe("mysql-key-use", [...rows])] } }),
  );
}

describe("key-exhausted", () => {
  it("D4 is one piece of work from 80 %, urgent above 95 %, and wakes somebody when INSERTs fail", () => {
    expect(findingsOf([row({ usedPercent: 79.9 })])).toEqual([]);
    expect(findingsOf([row(), row({ table: "lines" })])).toMatchObject([{ severity: "P3", subject: "" }]);
    expect(findingsOf([row({ usedPercent: 95.1 })])).toMatchObject([{ severity: "P2" }]);
    const failing = row({ ...gone, failed: { count: 12, secondsAgo: 2 } });
    expect(findingsOf([failing])).toMatchObject([
      {
        severity: "P1",
        summary: "shop.orders.id (int) has no number left: INSERTs fail, 12 so far, the last 2 s ago",
        explains: [{ cause: "error-storm" }],
      },
    ]);
  });

  it("D7 takes it for failing where failures are not counted, and for quiet where none was", () => {
    expect(findingsOf([row(gone)])).toMatchObject([{ severity: "P1", confidence: 0.85 }]);
    const quiet = row({ ...gone, failed: { count: 3, secondsAgo: 86_400 } });
    expect(findingsOf([quiet])).toMatchObject([{ severity: "P2", explains: [] }]);
  });

  it("A10 widens the column, with writers only where the server copies online", () => {
    const preview = (...given: Parameters<typeof findingsOf>) => findingsOf(...given)[0]?.actions[0]?.preview;
    expect(preview([row({ ...gone, type: "int unsigned" })])).toContain(
      "ALTER TABLE `shop`.`orders` MODIFY `id` BIGINT UNSIGNED NOT NULL AUTO_INCREMENT, ALGORITHM=COPY, LOCK=SHARED",
    );
    expect(preview([row(gone)], { version: "10.11.19-MariaDB" }, "mariadb")).toContain("LOCK=SHARED");
    expect(preview([row(gone)], { version: "11.4.3-MariaDB" }, "mariadb")).toContain("LOCK=NONE");
  });

  it("A10 looks for the stray key where 64 bits are used up", () => {
    const huge = {
      type: "bigint",
      nextValue: "9223372036854775807",
      maxValue: "9223372036854775807",
      usedPercent: 100,
    };
    expect(findingsOf([row(huge)])[0]?.actions).toMatchObject([
      { id: "lower-key-counter", automatic: false },
    ]);
  });

  it("P30 knows the last value of each type", () => {
    expect(autoIncrementMaximum("tinyint")).toBe(127n);
    expect(autoIncrementMaximum("int(10) unsigned zerofill")).toBe(4_294_967_295n);
    expect(autoIncrementMaximum("bigint unsigned")).toBe(18_446_744_073_709_551_614n);
    expect(autoIncrementMaximum("double")).toBeNull();
  });

  it("D7 takes PostgreSQL's full key for failing unless nothing is rolled back, and goes below zero first", () => {
    const key = {
      ...{ schema: "public", table: "orders", column: "id", type: "integer", owner: "shop" },
      ...{ sequence: "public.orders_id_seq", nextValue: "2147483648", maxValue: "2147483647" },
      ...{ usedPercent: 100, narrow: "column" },
    };
    const failing = { user: "shop", database: "app", sessions: 3, failedAt: "execution" };
    const found = (query: string, narrow = "column") => {
      const { probes } = someEvidence();
      const rows = [aProbe("postgres-key-use", [{ ...key, narrow }])];
      const caught = [aProbe("postgres-failing-statements", [{ ...failing, query }])];
      return rule.evaluate(aView({ overrides: { probes: [...probes, ...rows, ...caught] } }))[0];
    };
    expect(found("insert into public.orders values ($1)")?.summary).toContain(
      "INSERTs fail, 3 sessions at it in this one look",
    );
    expect(found("insert into others values ($1)")).toMatchObject({ severity: "P1", confidence: 0.85 });
    expect(found("select 1")?.actions.map(({ id }) => id)).toEqual(["count-below-zero", "widen-key"]);
    expect(found("select 1", "sequence")?.actions.map(({ preview }) => preview)).toEqual([
      "SET lock_timeout = '2s';\nALTER SEQUENCE public.orders_id_seq AS bigint NO MAXVALUE",
    ]);
  });

  const undone = (table: string, undoneInsertsPerSecond: number) => ({
    ...{ database: "app", schema: "public", table, intervalSeconds: 1, changesPerSecond: 30 },
    ...{ insertsPerSecond: 30, undonePerSecond: undoneInsertsPerSecond, undoneInsertsPerSecond },
  });
  const seen = (...probes: readonly ReturnType<typeof aProbe>[]) =>
    rule.evaluate(aView({ overrides: { probes: [...someEvidence().probes, ...probes] } }));

  it("D4 names the column that refers to a key past its type, urgent at once and by day above 80 %", () => {
    const narrow = {
      ...{ schema: "public", table: "lines", column: "order_id", type: "integer", owner: "shop" },
      ...{ constraint: "lines_order_id_fkey", parentSchema: "public", parentTable: "orders" },
      ...{ parentColumn: "id", nextValue: "2147483999", maxValue: "2147483647", usedPercent: 100 },
    };
    const found = (overrides = {}, inserted = 30) =>
      seen(
        aProbe("postgres-narrow-references", [{ ...narrow, ...overrides }]),
        aProbe("postgres-undone-changes", [undone("orders", inserted)]),
      );
    expect(found()).toMatchObject([
      {
        ...{ subject: "public.lines.order_id", severity: "P1", confidence: 0.95 },
        ...{ explains: [{ cause: "error-storm" }], actions: [{ id: "widen-reference", automatic: false }] },
      },
    ]);
    expect(found()[0]?.summary).toContain("too narrow for the keys that public.orders.id gives now");
    expect(found({}, 2)).toMatchObject([{ severity: "P1", confidence: 0.85 }]);
    const later = { nextValue: "1800000000", usedPercent: 83.8 };
    expect(found(later)).toMatchObject([{ severity: "P3", subject: "" }]);
  });

  it("D4 names a sequence that gives taken numbers where INSERTs fail for it, and no other", () => {
    const behind = {
      ...{ schema: "public", table: "orders", column: "id", owner: "shop", sequence: "public.orders_id_seq" },
      ...{ sequenceSchema: "public", nextValue: "12", largestKey: "40000", takenOfHundred: 100 },
    };
    const found = (askedPerSecond: number | null, inserted: number | null) =>
      seen(
        aProbe("postgres-sequences-behind", [{ ...behind, askedPerSecond }]),
        ...(inserted === null ? [] : [aProbe("postgres-undone-changes", [undone("orders", inserted)])]),
      );
    expect(found(30, 30)).toMatchObject([{ severity: "P1", explains: [{ cause: "error-storm" }] }]);
    expect(found(30, 30)[0]?.actions).toMatchObject([{ id: "raise-sequence", automatic: false }]);
    expect(found(30, 30)[0]?.actions[0]?.preview).toContain("setval('public.orders_id_seq', GREATEST(");
    expect(found(30, 3)).toEqual([]);
    expect(found(0, null)).toMatchObject([{ severity: "P3", subject: "sequences" }]);
    expect(found(null, null)).toEqual([]);
    expect(found(null, 30)).toEqual([]);
  });
});
