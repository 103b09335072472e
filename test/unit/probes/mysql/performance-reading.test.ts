import { describe, expect, it } from "vitest";
import type { SqlRow } from "../../../../functions/core/ports.ts";
import {
  coveredIndexes,
  type IndexDefinition,
  indexDefinitions,
} from "../../../../functions/core/probes/mysql/indexes/definition.ts";
import { requireMetadata } from "../../../../functions/core/probes/mysql/indexes/sql.ts";
import { mysqlIndexesUnused } from "../../../../functions/core/probes/mysql/indexes/unused.ts";
import { mysqlInnodbRates } from "../../../../functions/core/probes/mysql/innodb-rates.ts";
import { mysqlOldestTransaction } from "../../../../functions/core/probes/mysql/oldest-transaction.ts";
import { mysqlStatementDigests } from "../../../../functions/core/probes/mysql/statement-digests/statement-digests.ts";
import { mysqlXaTransactions } from "../../../../functions/core/probes/mysql/xa-transactions.ts";
import { defaultSettings } from "../../../../functions/core/settings.ts";
import { context, target } from "../fake-session.ts";

const mysql80 = {
  target: { ...target, engine: "mysql" },
  server: { engine: "mysql", version: "8.0.11", major: 8, backendId: 7 },
  settings: defaultSettings,
} as const;

const status = (at: number, values: Record<string, number>): SqlRow[] =>
  Object.entries(values).map(([name, value]) => ({ name, value: String(value), at_seconds: at }));

describe("rates of a MySQL server", () => {
  it("P28 are of the interval and not of the uptime", () => {
    const first = status(100, {
      Innodb_buffer_pool_read_requests: 1e9,
      Innodb_buffer_pool_reads: 10,
      Uptime: 5,
    });
    const second = status(102, {
      Innodb_buffer_pool_read_requests: 1e9 + 400,
      Innodb_buffer_pool_reads: 110,
      Uptime: 7,
    });
    const [row] = mysqlInnodbRates.read([first, second], mysql80);
    expect(row?.bufferPool).toMatchObject({
      hitPercent: 75,
      readRequestsPerSecond: 200,
      diskReadsPerSecond: 50,
    });
    expect(row?.sinceStart.hitPercent).toBeGreaterThan(99.9);
    expect(row?.logWaitsPerSecond).toBeNull();
  });

  it("P28 are unknown when the server was restarted in between, and there is no ratio of nothing", () => {
    const first = status(100, { Innodb_buffer_pool_read_requests: 500, Innodb_buffer_pool_reads: 10 });
    const second = status(101, { INNODB_BUFFER_POOL_READ_REQUESTS: 5, INNODB_BUFFER_POOL_READS: 1 });
    expect(mysqlInnodbRates.read([first, second], mysql80)[0]?.bufferPool).toMatchObject({
      hitPercent: null,
      readRequestsPerSecond: null,
    });
    expect(mysqlInnodbRates.read([first, first], mysql80)[0]?.bufferPool.hitPercent).toBeNull();
  });
});

const digest = (name: string, at: number, change: object = {}): SqlRow => ({
  schema_name: "app",
  digest: name,
  at_seconds: at,
  calls: 10,
  seconds: 1,
  lock_seconds: 0,
  max_seconds: 0.5,
  errors: 0,
  rows_affected: 0,
  rows_sent: 10,
  rows_examined: 10,
  tmp_tables: 0,
  tmp_disk_tables: 0,
  merge_passes: 0,
  full_scans: 0,
  no_index: 0,
  ...change,
});

describe("statement digests", () => {
  const sight = [{ enabled: 1, consumer: "YES" }];
  const read = (first: SqlRow[], second: SqlRow[], texts: SqlRow[] = []) =>
    mysqlStatementDigests.read([sight, first, sight, second, texts], mysql80);

  it("P27 rank what grew first, and count what is new or was emptied from zero", () => {
    const rows = read(
      [digest("old", 100, { seconds: 5000, calls: 9 }), digest("emptied", 100, { calls: 900, seconds: 900 })],
      [
        digest("old", 104, { seconds: 5000, calls: 9 }),
        digest("emptied", 104),
        digest("new", 104, { seconds: 3 }),
      ],
    );
    expect(rows.map((row) => row.digest)).toEqual(["new", "emptied", "old"]);
    expect(rows.map(({ now }) => now.averageSessions)).toEqual([0.75, 0.25, 0]);
    expect(rows[0]?.now.percentOfTime).toBe(75);
    expect(rows[2]?.now.callsPerSecond).toBe(0);
  });

  it("P27 are skipped where nothing is counted, instead of finding no statement", () => {
    for (const off of [
      { enabled: 0, consumer: "YES" },
      { enabled: 1, consumer: "NO" },
    ]) {
      const answers = [[off], [], [off], []];
      expect(() => mysqlStatementDigests.read(answers, mysql80)).toThrow(/OFF|off/);
    }
  });

  it("P27 ask for the text of what is shown only, and for a sample of it on MySQL only", () => {
    const answers = [sight, [], sight, [digest("a", 100), digest("b", 100, { calls: 0, seconds: 0 })]];
    const ask = (engine: "mysql" | "mariadb") =>
      mysqlStatementDigests.follow?.(answers, { ...mysql80, server: { ...mysql80.server, engine } }) ?? [];
    expect(ask("mysql")[0]?.params).toEqual(["rds-responder:never", "a"]);
    expect(ask("mysql")[0]?.sql).toContain("QUERY_SAMPLE_TEXT");
    expect(ask("mariadb")[0]?.params).toEqual(["a"]);
    expect(ask("mariadb")[0]?.sql).not.toContain("QUERY_SAMPLE_TEXT");
  });
});

describe("transactions", () => {
  const trx = { trx_id: 5, session_id: 8, state: "RUNNING", age_seconds: 9, isolation: "READ COMMITTED" };
  const rest = { rows_modified: 0, rows_locked: 0, query: null };

  it("P26 hold no history back under READ COMMITTED, and are named without performance_schema before 8.0.22", () => {
    const rows = mysqlOldestTransaction.read([[{ ...trx, ...rest }], [{ Status: "" }], []], mysql80);
    expect(rows[0]).toMatchObject({ keepsView: false, user: null, state: "active", sessionId: 8 });
    const sql = mysqlOldestTransaction.follow?.([[{ ...trx, ...rest }]], mysql80)[0]?.sql;
    expect(sql).toContain("information_schema.PROCESSLIST WHERE ID IN (8)");
  });

  it("P26 tell since when the row is waited for, and nothing of it where none is", () => {
    const waitOf = (wait: object) =>
      mysqlOldestTransaction.read([[{ ...trx, ...rest, ...wait }], [{ Status: "" }], []], mysql80)[0];
    expect(waitOf({ state: "LOCK WAIT", wait_seconds: 3 })).toMatchObject({
      state: "lock-wait",
      ageSeconds: 9,
      waitSeconds: 3,
    });
    expect(waitOf({ state: "LOCK WAIT", wait_seconds: -1 })?.waitSeconds).toBe(0);
    expect(waitOf({ wait_seconds: null })).not.toHaveProperty("waitSeconds");
    expect(waitOf({})).not.toHaveProperty("waitSeconds");
  });

  it("P26 do not guess whose xid it is when there are several", () => {
    const left = { trx_id: 1, age_seconds: 9, rows_modified: 1, rows_locked: 1 };
    const xid = (data: string) => ({ formatID: 1, gtrid_length: 1, bqual_length: 0, data });
    const one = mysqlXaTransactions.read([[left], [xid("0x61")]], context);
    expect(one[0]?.xid).toBe("X'61',X'',1");
    const two = mysqlXaTransactions.read([[left], [xid("0x61"), xid("0x62")]], context);
    expect(two[0]).toMatchObject({ xid: null, candidateXids: ["X'61',X'',1", "X'62',X'',1"] });
  });
});

const column = (
  index_name: string,
  seq: number,
  column_name: string | null,
  change: object = {},
): SqlRow => ({
  schema_name: "app",
  table_name: "t",
  index_name,
  non_unique: 1,
  seq,
  column_name,
  sub_part: null,
  sort_order: "A",
  index_type: "BTREE",
  cardinality: 1,
  expression: null,
  visible: 1,
  ...change,
});

describe("superfluous indexes", () => {
  const covered = (...rows: SqlRow[]): string[] => {
    const indexes: readonly IndexDefinition[] = [...indexDefinitions(rows).values()].flat();
    return coveredIndexes(indexes).map(({ index, problem, by }) => `${index.index} ${problem} ${by.index}`);
  };

  it("P30 are not those with another prefix length, order or expression, or behind an invisible one", () => {
    expect(covered(column("a", 1, "x"), column("b", 1, "x", { sub_part: 9 }), column("b", 2, "y"))).toEqual(
      [],
    );
    expect(
      covered(column("a", 1, "x"), column("b", 1, "x", { sort_order: "D" }), column("b", 2, "y")),
    ).toEqual([]);
    const lower = { expression: "lower(`x`)" };
    const upper = { expression: "upper(`x`)" };
    expect(covered(column("a", 1, null, lower), column("b", 1, null, upper), column("b", 2, "y"))).toEqual(
      [],
    );
    expect(
      covered(column("a", 1, "x"), column("b", 1, "x", { visible: 0 }), column("b", 2, "y", { visible: 0 })),
    ).toEqual([]);
    expect(covered(column("a", 1, "x"), column("b", 1, "x", { index_type: "FULLTEXT" }))).toEqual([]);
  });

  it("P30 never name a unique index for a wider one, and keep exactly one of equals", () => {
    const unique = { non_unique: 0 };
    expect(covered(column("a", 1, "x", unique), column("b", 1, "x"), column("b", 2, "y"))).toEqual([]);
    expect(covered(column("a", 1, "x"), column("b", 1, "x", unique))).toEqual(["a duplicate b"]);
    expect(covered(column("a", 1, "x"), column("b", 1, "x"), column("c", 1, "x"))).toEqual([
      "b duplicate a",
      "c duplicate a",
    ]);
    expect(covered(column("PRIMARY", 1, "x", unique), column("u", 1, "x", unique))).toEqual([
      "u duplicate PRIMARY",
    ]);
  });

  it("P30 are of a kind whose reads are counted: MATCH reads a full-text index and counts nothing", () => {
    const of = (name: string) => ({ schema_name: "app", table_name: "doc", index_name: name });
    const names = ["plain", "words", "places"];
    const columns = [
      column("plain", 1, "g"),
      column("words", 1, "body", { index_type: "FULLTEXT" }),
      column("places", 1, "at", { index_type: "SPATIAL" }),
    ].map((row) => ({ ...row, table_name: "doc" }));
    const answers = [
      [{ visible: 1, existing: 1 }],
      [{ enabled: 1, instrument: "YES", consumer: "YES" }],
      [{ Value: "90000" }],
      names.map(of),
      [{ schema_name: "app", table_name: "doc", reads_total: 9, writes_total: 9 }],
      [],
      columns,
    ];
    expect(mysqlIndexesUnused.read(answers, mysql80).map(({ index }) => index)).toEqual(["plain"]);
  });

  it("P30 are not looked for where tables are hidden, and unused ones not where nothing is counted", () => {
    expect(() => requireMetadata([{ visible: 3, existing: 10 }])).toThrow("only 3 of 10 tables");
    expect(() => requireMetadata([{ visible: 0, existing: 0 }])).not.toThrow();
    const sight = [{ visible: 1, existing: 1 }];
    const off = [{ enabled: 1, instrument: "NO", consumer: "YES" }];
    expect(() => mysqlIndexesUnused.read([sight, off, [], [], [], [], []], mysql80)).toThrow(
      /not instrumented/,
    );
  });
});
