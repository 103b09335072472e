import * as z from "zod";
import type { PreparedTransaction } from "../../../contract/locks.ts";
import type { Session } from "../../../contract/session.ts";
import type { ForestInput, LockRequest } from "../../../locks/forest.ts";
import type { SqlRow } from "../../../ports.ts";
import { normaliseQuery } from "../../../text/normalise-query.ts";
import type { ProbeContext } from "../../define.ts";
import { postgresSession } from "../session-row.ts";
import { postgresModesConflict } from "./lock-modes.ts";
import { type LockName, postgresLockName } from "./lock-names.ts";
import { orderQueues } from "./lock-queue.ts";
import {
  type PostgresLockRow,
  type PostgresPreparedRow,
  postgresLockRowSchema,
  postgresLockSessionSchema,
  postgresPreparedRowSchema,
} from "./lock-rows.ts";

/** Nodes of a forest in the evidence: some 900 bytes each, in a report of 150 KiB. */
const maxNodes = 60;

export interface PostgresLocks extends ForestInput {
  readonly rows: readonly PostgresLockRow[];
  readonly ownerOf: (row: PostgresLockRow) => string;
}

/** Rows of postgresLocksSql and postgresPreparedSql as the engine-neutral forest wants them. */
export function postgresLockInput(
  locks: readonly SqlRow[],
  preparedRows: readonly SqlRow[],
  context: ProbeContext,
): PostgresLocks {
  const rows = z.array(postgresLockRowSchema).parse(locks);
  const prepared = z.array(postgresPreparedRowSchema).parse(preparedRows);
  const sessions = readSessions(locks, context);
  const ownerOf = owners(rows, prepared);
  const requests = rows.map((row): LockRequest => {
    const name = postgresLockName(row);
    const owner = ownerOf(row);
    return {
      owner,
      ...name,
      mode: row.mode,
      granted: row.granted,
      order: 0,
      waitSeconds: row.wait_seconds === null ? null : Math.max(0, Math.round(row.wait_seconds * 1000) / 1000),
      explicit: name.objectKind === "advisory" || (row.granted && tookItWithLock(name, sessions.get(owner))),
    };
  });
  return {
    rows,
    ownerOf,
    requests: orderQueues(
      requests,
      rows.map(({ wait_started }) => wait_started),
    ),
    sessions,
    prepared: new Map(prepared.map((row) => [`prepared:${row.gid}`, preparedTransaction(row)])),
    conflicts: (_kind, held, wanted) => postgresModesConflict(held, wanted),
    maxNodes,
  };
}

function readSessions(locks: readonly SqlRow[], context: ProbeContext): Map<string, Session> {
  const sessions = new Map<string, Session>();
  for (const lock of locks) {
    const key = `session:${lock["id"]}`;
    if (lock["id"] === null || sessions.has(key)) continue;
    sessions.set(key, postgresSession(postgresLockSessionSchema.parse(lock), context));
  }
  return sessions;
}

/** pg_locks does not say how a lock was taken; only a LOCK TABLE in the holder's latest statement can. */
function tookItWithLock({ object, objectKind }: LockName, holder: Session | undefined): boolean {
  if (objectKind !== "table" || !holder?.query) return false;
  const locked = /(?:^|; ?)lock ([^;]*)/i.exec(normaliseQuery(holder.query, "postgres"))?.[1];
  return locked?.toLowerCase().includes(object.slice(object.indexOf(".") + 1).toLowerCase()) ?? false;
}

/** A prepared transaction's locks have no pid; its transaction id, locked by itself, leads to its name. */
function owners(
  rows: readonly PostgresLockRow[],
  prepared: readonly PostgresPreparedRow[],
): (row: PostgresLockRow) => string {
  const gidOf = new Map(prepared.map(({ xid, gid }) => [xid, gid]));
  const gidOfVirtual = new Map<string, string>();
  for (const { pid, transactionid, virtualtransaction } of rows) {
    const gid = pid === null && transactionid !== null ? gidOf.get(transactionid) : undefined;
    if (gid !== undefined) gidOfVirtual.set(virtualtransaction, gid);
  }
  return ({ pid, id, virtualtransaction }) => {
    if (pid !== null) return `session:${id ?? pid}`;
    // After a restart the virtual transaction is "-1/<transaction id>".
    const xid = virtualtransaction.slice(virtualtransaction.indexOf("/") + 1);
    return `prepared:${gidOfVirtual.get(virtualtransaction) ?? gidOf.get(xid) ?? `unknown ${virtualtransaction}`}`;
  };
}

function preparedTransaction({
  gid,
  owner,
  database,
  age_seconds,
}: PostgresPreparedRow): PreparedTransaction {
  return { gid, owner, database, ageSeconds: age_seconds };
}
