import { describe, expect, it } from "vitest";
import type { ProbeContext } from "../../../../functions/core/probes/define.ts";
import { mysqlConnections } from "../../../../functions/core/probes/mysql/connections.ts";
import { mysqlMetadataLocks } from "../../../../functions/core/probes/mysql/metadata-locks.ts";
import { mariadbRowLocks } from "../../../../functions/core/probes/mysql/row-locks/mariadb-row-locks.ts";
import { mysqlRowLocks } from "../../../../functions/core/probes/mysql/row-locks/row-locks.ts";
import { mysqlServer } from "../../../../functions/core/probes/mysql/server.ts";
import { mysqlSessions } from "../../../../functions/core/probes/mysql/sessions.ts";
import { versionIsAtLeast } from "../../../../functions/core/probes/mysql/sight.ts";
import { readMysqlSnapshot } from "../../../../functions/core/probes/mysql/snapshot.ts";
import { mysqlSnapshotStatements } from "../../../../functions/core/probes/mysql/snapshot-sql.ts";
import { untouchableBecause } from "../../../../functions/core/remedies/untouchable.ts";
import { defaultSettings } from "../../../../functions/core/settings.ts";

const context: ProbeContext = {
  target: {
    schema: "target.v1",
    name: "db",
    group: "db",
    engine: "mysql",
    flavour: "rds",
    engineVersion: null,
    host: "db",
    port: 3306,
    database: null,
    role: "unknown",
    clusterId: null,
    resourceId: null,
    instanceClass: null,
    accountId: null,
    region: null,
    tags: {},
  },
  server: { engine: "mysql", version: "8.4.6", major: 8.4, backendId: 99 },
  settings: defaultSettings,
};

const process = (id: number, change: object = {}) => ({
  id,
  user_name: "shop",
  host: "10.0.0.7:5123",
  db: "app",
  command: "Sleep",
  state: "",
  info: null,
  seconds: 700,
  query_id: null,
  ...change,
});
const trx = (trx_id: number, session_id: number, change: object = {}) => ({
  trx_id,
  session_id,
  rows_modified: 1,
  rows_locked: 1,
  requested_lock: null,
  age_seconds: 30,
  wait_seconds: null,
  ...change,
});
const sessions = (...answers: Parameters<typeof readMysqlSnapshot>[0]) =>
  readMysqlSnapshot(answers, context).sessions;

describe("sessions of MySQL and MariaDB", () => {
  it("P23 does not count for idleness what the statement before it took, as MySQL's list does", () => {
    const statement = (change: object) => [
      { thread_id: 11, statement_key: "1 a", text: "UPDATE t", seconds: 58.9, running: 0, ...change },
    ];
    const idleFor = (change: object) => {
      const answers = [[process(1, { seconds: 60 })], [], [{ thread_id: 11, id: 1 }], statement(change), []];
      return sessions(...answers).get(1)?.stateSeconds;
    };
    expect(idleFor({ ended_seconds: "0.2506" })).toBe(0.251);
    expect(idleFor({})).toBe(1);
    expect(idleFor({ running: 1 })).toBe(0);
  });

  it("P23 does not know how long MySQL's transaction has idled where no statement is recorded", () => {
    const asleep = process(1, { seconds: 62 });
    const within = sessions([asleep], [trx(5000, 1)]).get(1);
    expect(within).toMatchObject({ stateSeconds: null, stateAtMostSeconds: 62 });
    expect(sessions([asleep], []).get(1)).toMatchObject({ stateSeconds: 62 });
    // MariaDB begins to count anew when a statement ends.
    const mariadb = process(1, { seconds: 62, query_id: 9 });
    expect(sessions([mariadb], [trx(5000, 1)]).get(1)).toMatchObject({ stateSeconds: 62 });
  });

  it("P23 tells kinds apart: clients, replicas, replication threads, the server's own", () => {
    const found = sessions([
      process(1),
      process(2, { user_name: "repl", command: "Binlog Dump GTID" }),
      process(3, { user_name: "system user", host: "", command: "Query" }),
      process(4, { user_name: "event_scheduler", command: "Daemon" }),
      process(5, { user_name: "system user", command: "Daemon" }),
      process(6, { user_name: "rdsadmin" }),
      process(99),
    ]);
    expect([...found.values()].map(({ kind }) => kind)).toEqual([
      "client",
      "replication",
      "replication",
      "system",
      "system",
      "client",
      "client",
    ]);
    expect(found.get(6)?.superuser).toBe(true);
    expect(found.get(99)?.own).toBe(true);
    expect(found.get(1)).toMatchObject({
      superuser: false,
      own: false,
      client: "10.0.0.7",
      sessionKey: "shop@10.0.0.7:5123",
    });
  });

  it("P23 keeps the opt-out comment and drops the literals", () => {
    const info = "UPDATE users SET email = 'a@b.c' /* rds-responder:never */ WHERE id = 7";
    const shown = sessions([process(1, { command: "Query", info })]).get(1)?.query;
    expect(shown).toBe("UPDATE users SET email = ? WHERE id = ? /* rds-responder:never */");
  });

  it("P23 calls a session that sleeps in a transaction so, with what a kill rolls back", () => {
    const found = sessions([process(1), process(2)], [trx(5000, 1, { rows_modified: 12 })]);
    expect(found.get(1)).toMatchObject({
      state: "idle-in-transaction",
      transactionSeconds: 30,
      rowsModified: 12,
    });
    expect(found.get(2)).toMatchObject({ state: "idle", transactionSeconds: null, rowsModified: null });
  });

  it("P23 names a statement by its event and digest, and by MariaDB's query id where there is one", () => {
    const threads = [{ thread_id: 50, id: 1 }];
    const statement = {
      thread_id: 50,
      statement_key: "17 abc",
      text: "SELECT 1",
      seconds: "1.5",
      running: 1,
    };
    const mysql = sessions([process(1, { command: "Query" })], [], threads, [statement]).get(1);
    expect(mysql).toMatchObject({ statementKey: "17 abc", statementSeconds: 1.5, query: "SELECT ?" });
    const mariadb = sessions([process(1, { command: "Query", query_id: 42 })], [], threads, [statement]).get(
      1,
    );
    expect(mariadb).toMatchObject({ statementKey: "42", statementSeconds: 700 });
  });

  it("P22 counts leaks per group and leaves out the server's own threads", () => {
    const rows = mysqlConnections.read(
      [
        [
          process(1),
          process(2, { seconds: 301 }),
          process(3, { seconds: 5 }),
          process(4, { command: "Daemon" }),
        ],
      ],
      context,
    );
    expect(rows).toMatchObject([
      { count: 3, idleOverSession: 2, idleOverLeak: 1, oldestStateSeconds: 700, medianStateSeconds: 301 },
    ]);
  });

  it("P21 says why a server does not take writes", () => {
    const named = (values: Record<string, string>) =>
      Object.entries({ version: "8.4.6", max_connections: "151", Uptime: "9", ...values }).map(
        ([Variable_name, Value]) => ({ Variable_name, Value }),
      );
    const row = (values: Record<string, string>) => mysqlServer.read([named(values)], context)[0];
    expect(row({ read_only: "OFF" })).toMatchObject({
      writable: true,
      uptimeSeconds: 9,
      maxConnections: 151,
    });
    expect(row({ read_only: "ON" })?.readOnlyBecause).toMatch(/^read_only/);
    expect(row({ read_only: "ON", super_read_only: "ON" })?.readOnlyBecause).toMatch(/^super_read_only/);
    expect(row({ innodb_read_only: "ON" })?.readOnlyBecause).toMatch(/Aurora reader/);
    expect(row({ read_only: "NO_LOCK_NO_ADMIN" })?.writable).toBe(false);
  });

  it("P23 asks performance_schema for the process list from 8.0.22 on", () => {
    const first = (version: string) => mysqlSnapshotStatements({ ...context.server, version })[0]?.sql;
    expect(first("8.0.21")).not.toContain("performance_schema");
    expect(first("8.0.22")).toContain("performance_schema.processlist");
    expect(versionIsAtLeast({ ...context.server, version: "10.11.4-MariaDB" }, [10, 6])).toBe(true);
  });

  it("P24 P25 say that they cannot see, and not that nobody waits, without performance_schema", () => {
    expect(() => mysqlRowLocks.read([[{ enabled: 0 }]], context)).toThrow("performance_schema is OFF");
    expect(() => mysqlMetadataLocks.read([[]], context)).toThrow("performance_schema is OFF");
    expect(() => mysqlMetadataLocks.read([[{ enabled: "NO" }]], context)).toThrow("not instrumented");
  });

  it("P24 takes MariaDB's locks from the answer that lists its transactions", () => {
    const onMariadb: ProbeContext = {
      ...context,
      server: { engine: "mariadb", version: "10.11.8-MariaDB", major: 10.11, backendId: 99 },
    };
    const lock = (trx_id: number) => ({
      trx_id,
      lock_id: `${trx_id}:2:4:3`,
      mode: "X",
      table_name: "`app`.`orders`",
      index_name: "PRIMARY",
      page: 4,
      heap: 3,
    });
    const listed = [lock(1), lock(2), trx(1, 1), trx(2, 2, { requested_lock: "2:2:4:3", wait_seconds: 4 })];
    const end = { trx_id: null, lock_id: null };
    const open = [process(1), process(2)];
    const [forest] = mariadbRowLocks.read([open, [...listed, end], [], [], []], onMariadb);
    expect(forest).toMatchObject({ waiters: 1, lockRows: 2 });
    expect(forest?.nodes.map(({ key, parent }) => [key, parent])).toEqual([
      ["session:1", null],
      ["session:2", "session:1"],
    ]);
    const calm = mysqlSessions.read([open, [end], [], [], []], onMariadb);
    expect(calm).toEqual([]);
    expect(() => mariadbRowLocks.read([open, [], [], [], []], onMariadb)).toThrow(
      "more than 1200 transactions wait",
    );
  });

  it("P22 P23 P25 answer where MariaDB's transactions were not listed, and call no sleeping session idle", () => {
    const onMariadb: ProbeContext = {
      ...context,
      server: { engine: "mariadb", version: "10.11.8-MariaDB", major: 10.11, backendId: 99 },
    };
    const answers = [[process(1), process(2, { command: "Query", seconds: 3 })], [], [], [], []];
    expect(mysqlConnections.read(answers, onMariadb)).toMatchObject([
      { state: "other", count: 1 },
      { state: "active", count: 1 },
    ]);
    const [running, asleep] = mysqlSessions.read(answers, onMariadb);
    expect(running).toMatchObject({ id: 2, state: "active", rowsModified: null });
    expect(asleep).toMatchObject({ id: 1, state: "other", transactionUnknown: true });
    expect(asleep && untouchableBecause(asleep, defaultSettings.policy)).toMatch(/could not be seen/);
    const locks = mysqlMetadataLocks.read([[{ enabled: "YES" }], [], ...answers], onMariadb);
    expect(locks).toMatchObject([{ waiters: 0 }]);
  });

  it("P25 gives a lock to an XA transaction only once its thread is known to have gone", () => {
    const lock = (thread_id: number, mode: string, status: string) => ({
      type: "TABLE",
      schema_name: "app",
      object_name: "orders",
      mode,
      duration: "TRANSACTION",
      status,
      thread_id,
    });
    const locks = [lock(50, "SHARED_READ", "GRANTED"), lock(51, "EXCLUSIVE", "PENDING")];
    const snapshot = [[process(1)], [trx(7, 0)], [], [], []];
    const answers = [[{ enabled: "YES" }], locks, ...snapshot];
    expect(mysqlMetadataLocks.follow?.(answers, context)).toMatchObject([
      { sql: expect.stringContaining("IN (50, 51)") },
    ]);
    const keys = (...late: readonly object[]) =>
      mysqlMetadataLocks
        .read([...answers, late.map((row) => ({ ...row }))], context)[0]
        ?.nodes.map(({ key, prepared }) => [key, prepared !== null]);
    const changer = { thread_id: 51, lives: 1, ...process(8, { command: "Query" }) };
    expect(keys({ thread_id: 50, lives: 1, ...process(9) }, changer)).toEqual([
      ["session:9", false],
      ["session:8", false],
    ]);
    expect(keys({ thread_id: 50, lives: 0, id: null }, changer)).toEqual([
      ["prepared:7", true],
      ["session:8", false],
    ]);
    // The holder has ended: who waited has the lock by now, or waits for somebody who was not seen.
    expect(keys(changer)).toEqual([["session:8", false]]);
    expect(keys({ thread_id: 50, lives: 1, id: null }, changer)).toEqual([
      ["session:thread 50", false],
      ["session:8", false],
    ]);
  });

  it("P23 joins what several probes share once, and anew what another look brings", () => {
    const answers = [[process(1)], [trx(5000, 1)], [], [], []];
    const first = readMysqlSnapshot(answers, context);
    expect(readMysqlSnapshot([...answers, [{ trx_id: "7" }]], context)).toBe(first);
    const later = readMysqlSnapshot([answers[0] ?? [], [], [], [], []], context);
    expect([first, later].map(({ sessions: found }) => found.get(1)?.state)).toEqual([
      "idle-in-transaction",
      "idle",
    ]);
    expect(readMysqlSnapshot(answers, { ...context })).not.toBe(first);
  });

  it("P24 builds the forest from waits alone when there were too many locks to read", () => {
    const lockOf = (id: number) => `${id}:2:4:3:9${id}`;
    const wait = (waiting: number, blocking: number) => ({
      waiting_trx: waiting,
      waiting_lock: lockOf(waiting),
      blocking_trx: blocking,
      blocking_lock: lockOf(blocking),
    });
    const waits = [wait(2, 1), wait(3, 1), wait(3, 2)];
    const open = [1, 2, 3].map((id) => process(id));
    const transactions = [
      trx(1, 1, { rows_locked: 499_998 }),
      ...[2, 3].map((id) => trx(id, id, { wait_seconds: 10 - id, requested_lock: lockOf(id) })),
    ];
    const answers = [[{ enabled: 1 }], open, transactions, [], [], []];
    expect(mysqlRowLocks.follow?.(answers, context)).toMatchObject([
      { sql: expect.stringContaining("performance_schema.data_lock_waits") },
    ]);
    const [forest] = mysqlRowLocks.read([...answers, waits], context);
    expect(forest).toMatchObject({ waiters: 2, lockRows: 3 });
    expect(forest?.nodes.map(({ key, parent }) => [key, parent])).toEqual([
      ["session:1", null],
      ["session:2", "session:1"],
      ["session:3", "session:1"],
    ]);
  });
});
