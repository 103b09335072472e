import { expect, it } from "vitest";
import type { PostgresLockRow } from "../../../../functions/core/probes/postgres/blocking/lock-rows.ts";
import { rowSharers } from "../../../../functions/core/probes/postgres/blocking/row-sharers.ts";

function lock(pid: number, locktype: string, mode: string, rest: Partial<PostgresLockRow> = {}) {
  return {
    locktype,
    lock_database: "5",
    relation: locktype === "transactionid" ? null : "16384",
    page: locktype === "tuple" ? 0 : null,
    tuple: locktype === "tuple" ? 1 : null,
    virtualxid: null,
    transactionid: null,
    classid: null,
    objid: null,
    objsubid: null,
    virtualtransaction: `1/${pid}`,
    pid,
    mode,
    granted: true,
    relation_name: "public.orders",
    lock_database_name: "app",
    here: true,
    wait_started: null,
    ...rest,
  } satisfies PostgresLockRow;
}

const xid = (pid: number, granted = true) =>
  lock(pid, "transactionid", granted ? "ExclusiveLock" : "ShareLock", { transactionid: "700", granted });
const share = (pid: number) => lock(pid, "relation", "RowShareLock");
const write = (pid: number) => lock(pid, "relation", "RowExclusiveLock");
const turn = (pid: number) => lock(pid, "tuple", "ExclusiveLock");

/** Session 1 holds what 9 waits for. */
function sharers(...rows: readonly PostgresLockRow[]): number | undefined {
  return sharersBeside(new Set(), ...rows);
}

function sharersBeside(old: ReadonlySet<number>, ...rows: readonly PostgresLockRow[]): number | undefined {
  const all = [xid(1), xid(9, false), write(9), ...rows];
  const isOld = (key: string): boolean => old.has(Number(key.slice("session:".length)));
  return rowSharers({ rows: all, ownerOf: ({ pid }) => `session:${pid}`, isOld }).get("session:9");
}

it("D11 a row may be shared with whoever locks rows of its table, and by a holder who does with whoever writes", () => {
  expect(sharers(write(1), turn(9), share(2))).toBe(1);
  expect(sharers(share(1), turn(9), write(2), share(3))).toBe(2);
});

it("D11 two who only write cannot have the same row, and another table's rows are none of it", () => {
  expect(sharers(write(1), turn(9), write(2))).toBe(0);
  expect(sharers(write(1), turn(9), { ...share(2), relation: "16999" })).toBe(0);
});

it("D11 who waits behind the holder itself keeps nobody waiting of its own", () => {
  const behind = lock(2, "tuple", "ExclusiveLock", { granted: false });
  expect(sharers(write(1), turn(9), share(2), behind)).toBe(0);
});

it("D11 a wait without the row's own lock may be of any table that the waiter writes", () => {
  expect(sharers(write(1), share(2))).toBe(1);
});

it("D11 who has long written the same table may have the next row that is wanted, and who has just begun will let go", () => {
  expect(sharersBeside(new Set([2]), write(1), turn(9), write(2), write(3))).toBe(1);
  const behind = lock(2, "tuple", "ExclusiveLock", { granted: false });
  expect(sharersBeside(new Set([2]), write(1), turn(9), write(2), behind)).toBe(0);
});
