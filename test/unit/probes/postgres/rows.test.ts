import { describe, expect, it } from "vitest";
import { postgresLockInput } from "../../../../functions/core/probes/postgres/blocking/lock-input.ts";
import { postgresLockName } from "../../../../functions/core/probes/postgres/blocking/lock-names.ts";
import {
  type PostgresLockRow,
  postgresLockRowSchema,
} from "../../../../functions/core/probes/postgres/blocking/lock-rows.ts";
import {
  postgresSession,
  postgresSessionRowSchema,
} from "../../../../functions/core/probes/postgres/session-row.ts";
import { context } from "../fake-session.ts";

const sessionColumns = {
  id: 42,
  session_key: "2026-11-21 10:00:00+00",
  statement_key: null,
  user_name: "shop",
  application: "checkout",
  client: "10.0.0.1",
  database_name: "app",
  backend_type: "client backend",
  leader_pid: null,
  state: "active",
  superuser: false,
  administrator: false,
  state_since: "2026-11-21 10:00:01+00",
  own: false,
  state_seconds: 1,
  transaction_seconds: 1,
  statement_seconds: 1,
  session_seconds: 1,
  wait_event: null,
  query: "select 1",
  opted_out: false,
  at_seconds: 1_795_255_200,
};

const lockColumns = {
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
  virtualtransaction: "3/17",
  pid: 42,
  mode: "AccessShareLock",
  granted: true,
  relation_name: "public.orders",
  lock_database_name: "app",
  here: true,
  wait_started: null,
};

const sessionRow = (overrides: object) =>
  postgresSession(postgresSessionRowSchema.parse({ ...sessionColumns, ...overrides }), context);
const lockRow = (overrides: object): PostgresLockRow =>
  postgresLockRowSchema.parse({ ...lockColumns, ...overrides });

describe("postgresSession", () => {
  it("A40 marks the vacuum against wraparound, and only that", () => {
    const vacuum = { backend_type: "autovacuum worker", state: "active" };

    expect(
      sessionRow({ ...vacuum, query: "autovacuum: VACUUM public.t (to prevent wraparound)" }),
    ).toMatchObject({ kind: "autovacuum", wraparound: true });
    expect(sessionRow({ ...vacuum, query: "autovacuum: VACUUM public.t" }).wraparound).toBe(false);
    expect(sessionRow({ query: "select '(to prevent wraparound)'" }).wraparound).toBe(false);
  });

  it.each([
    ["client backend", "client"],
    ["parallel worker", "parallel-worker"],
    ["walsender", "replication"],
    ["logical replication apply worker", "replication"],
    ["startup", "system"],
    [null, "system"],
  ])("A40 takes %s for what it is", (backend_type, kind) => {
    expect(sessionRow({ backend_type }).kind).toBe(kind);
  });

  it("P3 never shows a negative age, and knows no statement age of an idle session", () => {
    const session = sessionRow({ state: "idle in transaction", state_seconds: -0.001 });

    expect(session).toMatchObject({ state: "idle-in-transaction", stateSeconds: 0, statementSeconds: null });
  });
});

describe("postgresLockName", () => {
  it.each([
    [{}, "public.orders", "table"],
    [{ relation_name: null, lock_database_name: "billing", here: false }, "billing.16384", "table"],
    [{ locktype: "tuple", page: 3, tuple: 7 }, "row (3,7) of public.orders", "row"],
    [{ locktype: "extend" }, "extension of public.orders", "other"],
    [{ locktype: "virtualxid", virtualxid: "4/9" }, "virtual transaction 4/9", "transaction"],
    [
      { locktype: "advisory", classid: "4294967295", objid: "4294967295", objsubid: 1 },
      "advisory lock (-1)",
      "advisory",
    ],
    [
      {
        locktype: "advisory",
        classid: "1",
        objid: "4294967295",
        objsubid: 2,
        here: false,
        lock_database_name: "billing",
      },
      "advisory lock (1, -1) in billing",
      "advisory",
    ],
  ])("P4 names a lock as a person would: %o", (columns, object, objectKind) => {
    expect(postgresLockName(lockRow(columns))).toEqual({ object, objectKind });
  });
});

describe("postgresLockInput", () => {
  it("P4 finds a prepared transaction by its id, also after a restart", () => {
    const holder = { ...lockColumns, pid: null };
    const own = { locktype: "transactionid", relation: null, mode: "ExclusiveLock" };
    const prepared = [{ xid: "700", gid: "tx-1", owner: "shop", database: "app", age_seconds: 9 }];
    const running = postgresLockInput(
      [holder, { ...holder, ...own, transactionid: "700" }],
      [],
      prepared,
      context,
    );
    const restarted = postgresLockInput([{ ...holder, virtualtransaction: "-1/700" }], [], prepared, context);

    expect(running.requests.map(({ owner }) => owner)).toEqual(["prepared:tx-1", "prepared:tx-1"]);
    expect(restarted.requests.map(({ owner }) => owner)).toEqual(["prepared:tx-1"]);
    expect(running.prepared.get("prepared:tx-1")).toMatchObject({ gid: "tx-1", ageSeconds: 9 });
  });
});
