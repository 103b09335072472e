import { describe, expect, it } from "vitest";
import type { SqlRow } from "../../../../functions/core/ports.ts";
import { postgresLockInput } from "../../../../functions/core/probes/postgres/blocking/lock-input.ts";
import type { PostgresSessionRow } from "../../../../functions/core/probes/postgres/session-row.ts";
import { defaultSettings } from "../../../../functions/core/settings.ts";
import { aTarget } from "../../../support/evidence-builder.ts";

function lock(pid: number, mode: string, overrides: SqlRow = {}): SqlRow {
  return {
    locktype: "relation",
    lock_database: "5",
    relation: "16384",
    page: null,
    tuple: null,
    virtualxid: null,
    transactionid: null,
    classid: null,
    objid: null,
    objsubid: null,
    virtualtransaction: `1/${pid}`,
    pid,
    mode,
    granted: false,
    relation_name: "public.orders",
    lock_database_name: "app",
    here: true,
    wait_started: null,
    ...overrides,
  };
}

function session(id: number, statementSeconds: number): PostgresSessionRow {
  return {
    id,
    session_key: `key-${id}`,
    statement_key: null,
    user_name: "shop",
    application: "checkout",
    client: null,
    database_name: "app",
    opted_out: false,
    legible: true,
    own: false,
    backend_type: "client backend",
    leader_pid: null,
    superuser: false,
    administrator: false,
    state: "active",
    state_seconds: statementSeconds,
    state_since: null,
    transaction_seconds: statementSeconds,
    statement_seconds: statementSeconds,
    session_seconds: 3600,
    autocommit: null,
    keeps_snapshot: null,
    cut: null,
    wait_event: "Lock/relation",
    query: "select 1",
    at_seconds: 10_000,
  };
}

const contextOf = (major: number) => ({
  target: aTarget({}),
  server: { engine: "postgres", version: `${major}.4`, major, backendId: 99 } as const,
  settings: defaultSettings,
});

const rows = [
  lock(1, "ShareUpdateExclusiveLock", { granted: true }),
  lock(1, "AccessExclusiveLock"),
  lock(2, "AccessExclusiveLock"),
  lock(3, "AccessShareLock", { granted: true }),
  lock(3, "RowExclusiveLock"),
];
const activity = [session(1, 600), session(2, 40), session(3, 30)];
const waitsOf = (major: number, given: readonly SqlRow[] = rows) =>
  postgresLockInput(given, activity, [], contextOf(major))
    .requests.filter(({ granted }) => !granted)
    .map(({ owner, waitSeconds, order }) => [owner, waitSeconds, order]);

describe("waits for locks as PostgreSQL tells them", () => {
  it("P4 takes no statement's age on 13 for the wait of one that wants more of what it holds", () => {
    expect(waitsOf(13)).toEqual([
      ["session:1", null, 1],
      ["session:2", 40, 2],
      ["session:3", 30, 0],
    ]);
  });

  it("P4 tells the wait itself from 14 on, of an upgrade too", () => {
    const timed = rows.map((row) => (row["granted"] ? row : { ...row, wait_started: 9990 }));
    expect(waitsOf(14, timed).map(([, seconds]) => seconds)).toEqual([10, 10, 10]);
  });

  it("P4 takes an ACCESS EXCLUSIVE from before a statement on rows for LOCK TABLE, and not for a TRUNCATE, which takes SHARE too", () => {
    const loader = { ...session(1, 20), transaction_seconds: 30, query: "insert into orders select 1" };
    const held = [lock(1, "AccessExclusiveLock", { granted: true }), lock(2, "AccessShareLock")];
    const explicitOf = (given: readonly SqlRow[]) =>
      postgresLockInput(given, [loader, session(2, 9)], [], contextOf(16)).requests.map(
        (one) => one.explicit,
      );
    const share = (pid: number, relation_name = "public.orders") =>
      lock(pid, "ShareLock", { granted: true, relation_name });
    expect(explicitOf(held)).toEqual([true, false]);
    expect(explicitOf([...held, share(1)])).toEqual([false, false, false]);
    expect(explicitOf([...held, share(1, "public.others")])).toEqual([true, false, true]);
    expect(explicitOf([...held, share(3)])).toEqual([true, false, false]);
  });
});
