import { describe, expect, it } from "vitest";
import type { MysqlIndexRow } from "../../../../functions/core/probes/mysql/indexes/indexes-rows.ts";
import type { MysqlUnusedIndexRow } from "../../../../functions/core/probes/mysql/indexes/unused-rows.ts";
import type { MysqlTableRow } from "../../../../functions/core/probes/mysql/tables-rows.ts";
import type { PostgresIndexRow } from "../../../../functions/core/probes/postgres/indexes-rows.ts";
import type { ServerRow } from "../../../../functions/core/probes/rows.ts";
import { duplicateIndex } from "../../../../functions/core/rules/indexes/duplicate-index.ts";
import { invalidIndex } from "../../../../functions/core/rules/indexes/invalid-index.ts";
import { noPrimaryKey } from "../../../../functions/core/rules/indexes/no-primary-key.ts";
import { unusedIndex } from "../../../../functions/core/rules/indexes/unused-index.ts";
import { aProbe, aServer, aTarget, aView } from "../../../support/evidence-builder.ts";

const week = 7 * 86_400;
const mib = 1024 ** 2;

function anIndex(overrides: Partial<PostgresIndexRow> = {}): PostgresIndexRow {
  const index = overrides.index ?? "orders_note";
  return {
    schema: "public",
    table: "orders",
    index,
    problem: "unused",
    coveredBy: null,
    unique: false,
    definition: `CREATE INDEX ${index} ON public.orders USING btree (note)`,
    sizeBytes: 24 * mib,
    scans: 0,
    lastScanAt: null,
    tableRows: 500_000,
    tableWrites: 90_000,
    building: false,
    statsSinceAt: null,
    statsAgeSeconds: 30 * 86_400,
    checkpointerSeconds: 30 * 86_400,
    onlyForKey: null,
    owner: "shop",
    caveat: null,
    ...overrides,
  };
}

function viewWith(rows: readonly PostgresIndexRow[], server: Partial<ServerRow> = {}) {
  return aView({
    overrides: {
      probes: [aProbe("postgres-server", [aServer(server)]), aProbe("postgres-indexes", [...rows])],
    },
  });
}

describe("unused-index", () => {
  it("D4 tells an index that no query used in 30 days, with the statement that drops it and its undo", () => {
    const [finding] = unusedIndex.evaluate(viewWith([anIndex()]));
    expect(finding?.severity).toBe("P3");
    expect(finding?.summary).toBe(
      "1 index never or hardly used, 24 MiB that every write maintains: orders_note",
    );
    expect(finding?.evidence[0]?.says).toBe(
      "orders_note of orders: 24 MiB, never scanned in 30 d, 90,000 rows of its table written meanwhile",
    );
    expect(finding?.actions).toEqual([
      expect.objectContaining({
        id: "drop-index",
        automatic: true,
        preview: "DROP INDEX CONCURRENTLY public.orders_note",
        consequence: expect.stringContaining(
          "Undo: CREATE INDEX CONCURRENTLY orders_note ON public.orders USING btree (note)",
        ),
      }),
    ]);
  });

  it.each([
    ["could not be read while the table was locked", null],
    [
      "is longer than an order takes",
      `CREATE INDEX orders_note ON public.orders USING btree (note) WHERE (note <> '${"x".repeat(2000)}')`,
    ],
  ])("A13 leaves to a person what %s: before a drop it could not be compared again", (_what, definition) => {
    const [finding] = unusedIndex.evaluate(viewWith([anIndex({ definition })]));
    expect(finding?.actions).toEqual([
      expect.objectContaining({
        ...{ id: "drop-index", automatic: false, preview: "DROP INDEX CONCURRENTLY public.orders_note" },
        consequence: expect.stringContaining("A person alone drops it"),
      }),
    ]);
  });

  it("D4 says nothing before scans were counted for a week, and speaks from then on", () => {
    expect(unusedIndex.evaluate(viewWith([anIndex({ statsAgeSeconds: 60 })]))).toEqual([]);
    expect(unusedIndex.evaluate(viewWith([anIndex({ statsAgeSeconds: week - 1 })]))).toEqual([]);
    expect(unusedIndex.evaluate(viewWith([anIndex({ statsAgeSeconds: week })]))).toHaveLength(1);
  });

  it("D7 takes the server's uptime for the least time of counting when statistics were never reset", () => {
    const row = anIndex({ statsAgeSeconds: null, checkpointerSeconds: null });
    expect(unusedIndex.evaluate(viewWith([row], { uptimeSeconds: 3600 }))).toEqual([]);
    expect(unusedIndex.evaluate(viewWith([row], { uptimeSeconds: week }))).toHaveLength(1);
  });

  it("P9 does not take an index for unused that only a crash has made look so", () => {
    const monthOld = { uptimeSeconds: 30 * 86_400 };
    const crashed = anIndex({ statsAgeSeconds: null, checkpointerSeconds: 3600 });
    expect(unusedIndex.evaluate(viewWith([crashed], monthOld))).toEqual([]);
    const long = anIndex({ statsAgeSeconds: null, checkpointerSeconds: week });
    expect(unusedIndex.evaluate(viewWith([long], monthOld))[0]?.actions).toHaveLength(1);
    const unseen = anIndex({ statsAgeSeconds: null, checkpointerSeconds: null });
    const [finding] = unusedIndex.evaluate(viewWith([unseen], monthOld));
    expect(finding?.actions).toEqual([]);
    expect(finding?.evidence[0]?.says).toContain("a crash since would have thrown away");
  });

  it("A13 never drops the only index of a foreign key, and says whose it is", () => {
    const [finding] = unusedIndex.evaluate(viewWith([anIndex({ onlyForKey: "orders_shop_fkey" })]));
    expect(finding?.actions).toEqual([]);
    expect(finding?.evidence[0]?.says).toContain("foreign key orders_shop_fkey has no other that is used");
  });

  it("D4 leaves small indexes, and those of a standby, alone", () => {
    expect(unusedIndex.evaluate(viewWith([anIndex({ sizeBytes: mib - 1 })]))).toEqual([]);
    expect(unusedIndex.evaluate(viewWith([anIndex()], { writable: false }))).toEqual([]);
  });

  it("T tells a rarely used one only beside what it costs, and never proposes to drop it", () => {
    const rare = anIndex({ problem: "rarely-used", scans: 90, tableWrites: 90_000 });
    expect(unusedIndex.evaluate(viewWith([rare]))[0]?.actions).toEqual([]);
    expect(unusedIndex.evaluate(viewWith([{ ...rare, scans: 91 }]))).toEqual([]);
  });

  it("A13 never calls an index unused that another one is to be dropped in favour of, nor that other one", () => {
    const rows = [
      anIndex({ index: "narrow", problem: "redundant-prefix", coveredBy: "wide", scans: 9000 }),
      anIndex({ index: "wide" }),
      anIndex({ index: "narrow" }),
      anIndex({ index: "wide", table: "other" }),
    ];
    expect(unusedIndex.evaluate(viewWith(rows))[0]?.summary).toContain("1 index never");
    expect(duplicateIndex.evaluate(viewWith(rows))[0]?.actions[0]?.preview).toContain("narrow");
  });

  it("D2 makes one finding of 400 indexes: three by name, the rest as a number, in any order", () => {
    const rows = Array.from({ length: 400 }, (_, n) =>
      anIndex({ index: `idx_${n}`, sizeBytes: (n + 1) * mib }),
    );
    const drafts = unusedIndex.evaluate(viewWith(rows));
    expect(drafts).toHaveLength(1);
    expect(drafts[0]?.summary).toContain("400 indexes");
    expect(drafts[0]?.summary).toContain("idx_399, idx_398, idx_397 and 397 more");
    expect(drafts[0]?.actions).toHaveLength(5);
    expect(unusedIndex.evaluate(viewWith(rows.toReversed()))).toEqual(drafts);
  });
});

describe("unused-index and duplicate-index on MySQL and MariaDB", () => {
  const unused: MysqlUnusedIndexRow = {
    schema: "shop",
    table: "orders",
    index: "by`week",
    columns: ["`week`"],
    definition: "CREATE INDEX `by``week` ON `shop`.`orders` (`week`)",
    visible: true,
    cardinality: 52,
    tableReads: 1000,
    tableWrites: 10_000,
    uptimeSeconds: week,
    caveat: "",
  };
  const mysqlView = (
    row: MysqlUnusedIndexRow,
    engine: "mysql" | "mariadb" = "mysql",
    duplicates: readonly MysqlIndexRow[] = [],
  ) =>
    aView({
      engine,
      overrides: {
        probes: [
          aProbe("mysql-server", [aServer()]),
          aProbe("mysql-indexes-unused", [row]),
          aProbe("mysql-indexes", [...duplicates]),
        ],
        target: aTarget({ engine }),
      },
    });
  const previewOf = (...args: Parameters<typeof mysqlView>) =>
    unusedIndex.evaluate(mysqlView(...args))[0]?.actions[0]?.preview;

  it("A13 hides an index before it is dropped, in each engine's words, quoted", () => {
    expect(previewOf(unused)).toBe(
      "SET SESSION lock_wait_timeout = 5;\nALTER TABLE `shop`.`orders` ALTER INDEX `by``week` INVISIBLE",
    );
    expect(previewOf(unused, "mariadb")).toBe(
      "SET SESSION lock_wait_timeout = 5;\nALTER TABLE `shop`.`orders` ALTER INDEX `by``week` IGNORED",
    );
    expect(previewOf({ ...unused, visible: false })).toContain("DROP INDEX `by``week`");
  });

  it("A13 says what it hides or drops, and leaves to a person the drop of what cannot be compared again", () => {
    const actionOf = (row: MysqlUnusedIndexRow) => unusedIndex.evaluate(mysqlView(row))[0]?.actions[0];
    const was = { unique: false, definition: "(`week`)" };
    for (const visible of [true, false])
      expect(actionOf({ ...unused, visible })).toMatchObject({ automatic: true, input: { was } });
    const full = { ...unused, definition: "CREATE FULLTEXT INDEX `by``week` ON `shop`.`orders` (`week`)" };
    expect(actionOf({ ...full, visible: false })).toMatchObject({
      ...{ id: "drop-index", automatic: false },
      preview: expect.stringContaining("DROP INDEX `by``week`, ALGORITHM=INPLACE, LOCK=NONE"),
    });
    expect(actionOf(full)?.input).not.toHaveProperty("was");
  });

  it("T waits a week, and for writes that make it worth the while", () => {
    expect(unusedIndex.evaluate(mysqlView({ ...unused, uptimeSeconds: week - 1 }))).toEqual([]);
    expect(unusedIndex.evaluate(mysqlView({ ...unused, tableWrites: 9999 }))).toEqual([]);
  });

  it("A13 leaves to duplicate-index what has a double", () => {
    const duplicate: MysqlIndexRow = {
      schema: "shop",
      table: "orders",
      index: "narrow",
      problem: "redundant-prefix",
      coveredBy: unused.index,
      unique: false,
      columns: [],
      definition: "CREATE INDEX narrow ON orders (week)",
      cardinality: null,
      tableWrites: 5,
      caveat: null,
    };
    const view = mysqlView(unused, "mysql", [duplicate]);
    expect(unusedIndex.evaluate(view)).toEqual([]);
    expect(duplicateIndex.evaluate(view)[0]?.actions[0]?.preview).toBe(
      "SET SESSION lock_wait_timeout = 5;\nALTER TABLE `shop`.`orders` DROP INDEX `narrow`, ALGORITHM=INPLACE, LOCK=NONE",
    );
  });
});

describe("no-primary-key", () => {
  const table = (overrides: Partial<MysqlTableRow>): MysqlTableRow => ({
    schema: "shop",
    table: "log",
    rankedBy: ["no-primary-key"],
    engine: "InnoDB",
    fileBytes: null,
    estimatedRows: 2000,
    dataBytes: null,
    indexBytes: null,
    freeBytes: null,
    freePercent: null,
    hasPrimaryKey: false,
    sinceStart: {
      uptimeSeconds: 10,
      rowsReadWithoutIndex: null,
      withoutIndexPercent: null,
      rowsRead: null,
      rowsWritten: 50,
    },
    ...overrides,
  });
  const judge = (...rows: readonly MysqlTableRow[]) =>
    noPrimaryKey.evaluate(
      aView({ engine: "mysql", overrides: { probes: [aProbe("mysql-tables", [...rows])] } }),
    );

  it("D4 tells tables without one, the largest first, and no others", () => {
    const [finding] = judge(
      table({}),
      table({ table: "big", estimatedRows: 9e6 }),
      table({ table: "keyed", hasPrimaryKey: true }),
    );
    expect(finding?.severity).toBe("P3");
    expect(finding?.summary).toContain("2 tables have no primary key");
    expect(finding?.evidence[0]?.says).toBe(
      "shop.big (InnoDB): about 9 million rows, 50 rows written since the start",
    );
  });

  it("D4 hides the new column where the version can, and says what a visible one breaks", () => {
    const actionOf = (version: string, engine: "mysql" | "mariadb" = "mysql") => {
      const probes = [aProbe("mysql-server", [aServer({ version })]), aProbe("mysql-tables", [table({})])];
      const target = aTarget({ engine });
      return noPrimaryKey.evaluate(aView({ engine, overrides: { probes, target } }))[0]?.actions[0];
    };
    for (const hidden of [actionOf("8.0.23"), actionOf("9.7.4"), actionOf("10.11.8-MariaDB", "mariadb")]) {
      expect(hidden?.preview).toContain(
        "AUTO_INCREMENT INVISIBLE PRIMARY KEY, ALGORITHM=INPLACE, LOCK=SHARED",
      );
    }
    expect(actionOf("8.0.22")?.preview).toContain("AUTO_INCREMENT PRIMARY KEY");
    expect(actionOf("8.0.22")?.consequence).toContain("An INSERT without a column list fails afterwards");
    expect(actionOf("8.0.36")?.consequence).toContain(
      "A binlog replica may number the rows in another order",
    );
  });

  it("D7 does not judge a table that could not be looked at", () => {
    expect(judge(table({ engine: null }), table({ hasPrimaryKey: true }))).toEqual([]);
  });
});

describe("duplicate-index", () => {
  it("D4 names the index that does the same work", () => {
    const rows = [
      anIndex({ problem: "duplicate", index: "a_copy", coveredBy: "a" }),
      anIndex({ problem: "redundant-prefix", index: "b", coveredBy: "b_wide", sizeBytes: mib }),
    ];
    const [finding] = duplicateIndex.evaluate(viewWith(rows));
    expect(finding?.severity).toBe("P3");
    expect(finding?.evidence.map(({ says }) => says)).toEqual([
      "a_copy of orders: 24 MiB, a has the same columns",
      "b of orders: 1 MiB, its columns are the leading ones of b_wide",
    ]);
  });

  it("D4 has nothing to say about an index that is only unused", () => {
    expect(duplicateIndex.evaluate(viewWith([anIndex()]))).toEqual([]);
  });

  it("A13 quotes names, and drops the index of a partitioned table without CONCURRENTLY", () => {
    const hostile = anIndex({
      problem: "duplicate",
      coveredBy: "x",
      schema: "Sales",
      index: 'i"; DROP TABLE orders; --',
      definition: 'CREATE INDEX "i""; DROP TABLE orders; --" ON ONLY "Sales".orders USING btree (id)',
    });
    const [finding] = duplicateIndex.evaluate(viewWith([hostile]));
    expect(finding?.actions[0]?.preview).toBe(
      `SET lock_timeout = '5s';\nDROP INDEX "Sales"."i""; DROP TABLE orders; --"`,
    );
  });
});

describe("invalid-index", () => {
  const invalid = anIndex({ problem: "invalid", unique: true, index: "orders_mail" });

  it("A9 proposes to build it again, and says that duplicates would make it fail again", () => {
    const [finding] = invalidIndex.evaluate(viewWith([invalid]));
    expect(finding?.severity).toBe("P3");
    expect(finding?.actions[0]?.preview).toBe("REINDEX INDEX CONCURRENTLY public.orders_mail");
    expect(finding?.actions[0]?.consequence).toContain("duplicates");
  });

  it("D4 leaves one alone that is being built", () => {
    expect(invalidIndex.evaluate(viewWith([{ ...invalid, building: true }]))).toEqual([]);
  });

  it.each(["orders_mail_ccnew", "orders_mail_ccnew2", "orders_mail_ccold"])(
    "A9 proposes to drop %s, which a failed REINDEX left behind",
    (index) => {
      const [finding] = invalidIndex.evaluate(viewWith([{ ...invalid, index }]));
      expect(finding?.actions[0]?.preview).toBe(`DROP INDEX CONCURRENTLY public.${index}`);
    },
  );
});
