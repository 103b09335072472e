import * as z from "zod";
import type { PreparedTransaction } from "../../../contract/locks.ts";
import type { Session } from "../../../contract/session.ts";
import type { ForestInput, LockRequest } from "../../../locks/forest.ts";
import type { SqlRow } from "../../../ports.ts";
import type { ProbeContext } from "../../define.ts";
import { type PostgresSessionRow, postgresSession } from "../session-row.ts";
import { postgresModesConflict } from "./lock-modes.ts";
import { postgresLockName } from "./lock-names.ts";
import { orderQueues } from "./lock-queue.ts";
import {
  type PostgresLockRow,
  type PostgresPreparedRow,
  postgresLockRowSchema,
  postgresPreparedRowSchema,
} from "./lock-rows.ts";
import { oldTransactions } from "./old-transactions.ts";
import { emptiedBy, heldName, tookItByName } from "./taken-by-name.ts";

/** Nodes of a forest in the evidence: some 900 bytes each, in a report of 150 KiB. */
const maxNodes = 60;

export interface PostgresLocks extends ForestInput {
  readonly rows: readonly PostgresLockRow[];
  readonly ownerOf: (row: PostgresLockRow) => string;
  /** With its statement, which `sessions` leave out: to normalise thousands of them costs more than the forest. */
  readonly sessionOf: (key: string) => Session | null;
  /** Who has long been in a transaction of the database that this one works in, and may have what it wants next. */
  readonly atWorkBeside: (key: string) => readonly string[];
}

/** Rows of postgresLocksSql, of the sessions and of postgresPreparedSql as the engine-neutral forest wants them. */
export function postgresLockInput(
  locks: readonly SqlRow[],
  activity: readonly PostgresSessionRow[],
  preparedRows: readonly SqlRow[],
  context: ProbeContext,
): PostgresLocks {
  const rows = z.array(postgresLockRowSchema).parse(locks);
  const prepared = z.array(postgresPreparedRowSchema).parse(preparedRows);
  const byPid = new Map(activity.map((row) => [row.id, row]));
  const byKey = new Map(activity.map((row) => [`session:${row.id}`, row]));
  const ownerOf = owners(rows, prepared, byPid);
  const waitStarts = rows.map((row) => waitStart(row, byPid, context));
  const upgrades = context.server.major >= 14 ? null : upgradesOf(rows, ownerOf);
  const emptied = emptiedBy(rows, ownerOf);
  const requests = rows.map((row, index): LockRequest => {
    const name = postgresLockName(row);
    const owner = ownerOf(row);
    return {
      owner,
      ...name,
      mode: row.mode,
      granted: row.granted,
      order: 0,
      waitSeconds: upgrades?.has(row) ? null : waitedSeconds(waitStarts[index] ?? null, activity[0]),
      explicit:
        name.objectKind === "advisory" ||
        (row.granted && !emptied.has(heldName(owner, name)) && tookItByName(row, name, byKey.get(owner))),
    };
  });
  const sessionOf = (key: string): Session | null => {
    const row = byKey.get(key);
    return row === undefined ? null : postgresSession(row, context);
  };
  const atWorkBeside = oldTransactions(requests, activity, prepared, context);
  const bare = rows.map((row): [string, Session] | null => {
    const key = ownerOf(row);
    const found = byKey.get(key);
    return found === undefined ? null : [key, postgresSession({ ...found, query: null }, context)];
  });
  return {
    rows,
    ownerOf,
    sessionOf,
    atWorkBeside: (key) => atWorkBeside.get(byKey.get(key)?.database_name ?? null) ?? [],
    requests: orderQueues(requests, waitStarts),
    sessions: new Map(bare.filter((entry) => entry !== null)),
    prepared: new Map(prepared.map((row) => [`prepared:${row.gid}`, preparedTransaction(row)])),
    conflicts: (_kind, held, wanted) => postgresModesConflict(held, wanted),
    maxNodes,
  };
}

/** Before 14 nothing records when a wait began; a waiter's statement began not long before. */
function waitStart(
  { pid, granted, wait_started }: PostgresLockRow,
  byPid: ReadonlyMap<number, PostgresSessionRow>,
  { server }: ProbeContext,
): number | null {
  if (granted || pid === null || server.major >= 14) return wait_started;
  const waiter = byPid.get(pid);
  return waiter === undefined || waiter.statement_seconds === null
    ? null
    : waiter.at_seconds - waiter.statement_seconds;
}

/** Who wants more of what it holds has worked under the weaker lock before: its statement's age is not its wait. */
function upgradesOf(
  rows: readonly PostgresLockRow[],
  ownerOf: PostgresLocks["ownerOf"],
): ReadonlySet<PostgresLockRow> {
  const nameOf = (row: PostgresLockRow): string => heldName(ownerOf(row), postgresLockName(row));
  const held = new Set(rows.filter(({ granted }) => granted).map(nameOf));
  return new Set(
    rows.filter(
      (row) => !row.granted && row.locktype === "relation" && isStrong(row) && held.has(nameOf(row)),
    ),
  );
}

/** What reads and writes rows takes its locks as it begins. */
function isStrong({ mode }: PostgresLockRow): boolean {
  return !["AccessShareLock", "RowShareLock", "RowExclusiveLock"].includes(mode);
}

/** As of the moment at which the sessions were read: ages are compared with each other. */
function waitedSeconds(started: number | null, read: PostgresSessionRow | undefined): number | null {
  if (started === null || read === undefined) return null;
  return Math.max(0, Math.round((read.at_seconds - started) * 1000) / 1000);
}

/** A prepared transaction's locks have no pid; its transaction id, locked by itself, leads to its name. */
function owners(
  rows: readonly PostgresLockRow[],
  prepared: readonly PostgresPreparedRow[],
  byPid: ReadonlyMap<number, PostgresSessionRow>,
): (row: PostgresLockRow) => string {
  const gidOf = new Map(prepared.map(({ xid, gid }) => [xid, gid]));
  const gidOfVirtual = new Map<string, string>();
  for (const { pid, transactionid, virtualtransaction } of rows) {
    const gid = pid === null && transactionid !== null ? gidOf.get(transactionid) : undefined;
    if (gid !== undefined) gidOfVirtual.set(virtualtransaction, gid);
  }
  return ({ pid, virtualtransaction }) => {
    // A parallel worker's locks are its leader's.
    if (pid !== null) return `session:${leaderOf(byPid.get(pid)) ?? pid}`;
    // After a restart the virtual transaction is "-1/<transaction id>".
    const xid = virtualtransaction.slice(virtualtransaction.indexOf("/") + 1);
    return `prepared:${gidOfVirtual.get(virtualtransaction) ?? gidOf.get(xid) ?? `unknown ${virtualtransaction}`}`;
  };
}

function leaderOf(session: PostgresSessionRow | undefined): number | null {
  return session?.backend_type === "parallel worker" ? session.leader_pid : null;
}

function preparedTransaction({
  gid,
  owner,
  database,
  age_seconds,
}: PostgresPreparedRow): PreparedTransaction {
  return { gid, owner, database, ageSeconds: age_seconds };
}
