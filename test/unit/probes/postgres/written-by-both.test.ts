import { expect, it } from "vitest";
import type { PostgresLockRow } from "../../../../functions/core/probes/postgres/blocking/lock-rows.ts";
import { writtenByBoth } from "../../../../functions/core/probes/postgres/blocking/written-by-both.ts";

const blank = {
  lock_database: "5",
  page: null,
  tuple: null,
  virtualxid: null,
  classid: null,
  objid: null,
  objsubid: null,
  lock_database_name: "app",
  here: true,
  wait_started: null,
} as const;

function write(pid: number, table: string | null, mode = "RowExclusiveLock"): PostgresLockRow {
  const row = { locktype: "relation", relation: "16384", transactionid: null, granted: true } as const;
  return { ...blank, ...row, virtualtransaction: `1/${pid}`, pid, mode, relation_name: table };
}

function xid(pid: number, granted: boolean): PostgresLockRow {
  const row = {
    locktype: "transactionid",
    relation: null,
    transactionid: "700",
    relation_name: null,
  } as const;
  const mode = granted ? "ExclusiveLock" : "ShareLock";
  return { ...blank, ...row, virtualtransaction: `1/${pid}`, pid, mode, granted };
}

/** Session 1 has what 9 waits for. */
function tables(...rows: readonly PostgresLockRow[]): readonly string[] | undefined {
  const all = [xid(1, true), xid(9, false), ...rows];
  return writtenByBoth({ rows: all, ownerOf: ({ pid }) => `session:${pid}` }).get("session:9");
}

it("P4 the row is of a table that the waiter and whom it waits for both write", () => {
  expect(
    tables(write(9, "public.b"), write(1, "public.b"), write(9, "public.a"), write(1, "public.a")),
  ).toEqual(["public.a", "public.b"]);
  expect(tables(write(9, "public.a"), write(1, "public.b"), write(2, "public.a"))).toBeUndefined();
});

it("P4 the row may be of a table whose rows are locked, beside one that both write", () => {
  const audit = [write(9, "public.audit"), write(1, "public.audit")];
  const accounts = [write(9, "public.accounts", "RowShareLock"), write(1, "public.accounts")];
  expect(tables(...audit, ...accounts)).toEqual(["public.accounts", "public.audit"]);
});

it("P4 an index, a table that is only read, and one of too many tell nothing", () => {
  expect(tables(write(9, null), write(1, null))).toBeUndefined();
  expect(tables(write(9, "public.a", "AccessShareLock"), write(1, "public.a"))).toBeUndefined();
  const many = ["a", "b", "c", "d"].flatMap((name) => [write(9, name), write(1, name)]);
  expect(tables(...many)).toBeUndefined();
});
