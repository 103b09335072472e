import type { HeldLock } from "../../../contract/locks.ts";
import type { PostgresLockRow } from "./lock-rows.ts";

export interface LockName {
  readonly object: string;
  readonly objectKind: HeldLock["objectKind"];
}

/** https://www.postgresql.org/docs/current/view-pg-locks.html, column locktype. */
export function postgresLockName(row: PostgresLockRow): LockName {
  const relation = relationName(row);
  switch (row.locktype) {
    case "relation":
      return { object: relation, objectKind: "table" };
    case "tuple":
      return { object: postgresRowName(row), objectKind: "row" };
    case "page":
      return { object: `page ${row.page} of ${relation}`, objectKind: "page" };
    case "extend":
      return { object: `extension of ${relation}`, objectKind: "other" };
    case "transactionid":
      return { object: `transaction ${row.transactionid}`, objectKind: "transaction" };
    case "virtualxid":
      return { object: `virtual transaction ${row.virtualxid}`, objectKind: "transaction" };
    case "advisory":
      return { object: advisoryName(row), objectKind: "advisory" };
    default:
      return { object: isNotifyLock(row) ? notifyLock : columnsOf(row), objectKind: "other" };
  }
}

const notifyLock = "the lock of commits that send a NOTIFY";

/**
 * "This lock ensures that sessions commit in the same order that they queue": object 0 of pg_database, 1262.
 * https://github.com/postgres/postgres/blob/master/src/backend/commands/async.c, PreCommit_Notify
 */
function isNotifyLock({ locktype, lock_database, classid, objid }: PostgresLockRow): boolean {
  return locktype === "object" && lock_database === "0" && classid === "1262" && objid === "0";
}

/** What identifies a kind of lock that has no name of its own here. */
function columnsOf(row: PostgresLockRow): string {
  const {
    locktype,
    lock_database,
    relation,
    page,
    tuple,
    virtualxid,
    transactionid,
    classid,
    objid,
    objsubid,
  } = row;
  return [locktype, lock_database, relation, page, tuple, virtualxid, transactionid, classid, objid, objsubid]
    .filter((part) => part !== null)
    .join("/");
}

export function postgresRowName(row: PostgresLockRow): string {
  return `row (${row.page},${row.tuple}) of ${relationName(row)}`;
}

/** Names of other databases' tables are in catalogs that this connection cannot read. */
function relationName({ relation_name, lock_database_name, relation }: PostgresLockRow): string {
  return relation_name ?? `${lock_database_name ?? "shared"}.${relation}`;
}

/** objsubid 1: one bigint key split in two; 2: two integer keys. */
function advisoryName({ classid, objid, objsubid, lock_database_name, here }: PostgresLockRow): string {
  const key =
    objsubid === 1
      ? BigInt.asIntN(64, (BigInt(classid ?? 0) << 32n) | BigInt(objid ?? 0)).toString()
      : [classid, objid].map((half) => BigInt.asIntN(32, BigInt(half ?? 0))).join(", ");
  return `advisory lock (${key})${here === false ? ` in ${lock_database_name}` : ""}`;
}
