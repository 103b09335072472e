import * as z from "zod";
import { type LockForest, lockForestSchema } from "../../../contract/locks.ts";
import { SqlError } from "../../../errors.ts";
import type { LockRequest } from "../../../locks/forest.ts";
import { innodbConflicts } from "../../../locks/mysql-record-locks.ts";
import type { SqlRow } from "../../../ports.ts";
import { defineProbe, type ProbeContext } from "../../define.ts";
import { readTransactions, type TransactionRow } from "../innodb-transactions.ts";
import { lateOwnersStatement, readLateOwners } from "../late-owners.ts";
import { heldByCommand, type LockOwner, leftBehind, mysqlForest, transactionOwner } from "../lock-owners.ts";
import { partLooks } from "../second-look.ts";
import {
  metadataLocksSightStatement,
  performanceSchemaGrant,
  performanceSchemaSetting,
  processGrant,
} from "../sight.ts";
import { type MysqlSnapshot, readMysqlSnapshot } from "../snapshot.ts";
import { mysqlSnapshotLength, mysqlSnapshotStatements } from "../snapshot-sql.ts";
import { readXids, recoverStatement } from "../xa-xids.ts";
import { innodbObjectName } from "./record-name.ts";
import { type FirstLook, laterRowLook, withRowTurns } from "./row-turns.ts";
import { lockKeyOf, manyRowLocks, mysqlDataLocks, mysqlLockWaits } from "./sql.ts";

const text = z.union([z.string(), z.number()]).transform(String);
const lockSchema = z.object({
  trx_id: text,
  thread_id: z.coerce.number().nullable(),
  lock_key: z.string(),
  schema_name: z.string().nullable(),
  table_name: z.string().nullable(),
  partition_name: z.string().nullable(),
  index_name: z.string().nullable(),
  mode: z.string(),
  status: z.string(),
});
const waitSchema = z.object({
  waiting_trx: text,
  waiting_lock: z.string(),
  blocking_trx: text,
  blocking_lock: z.string(),
});
/** A queue turns by a few within the moment between the two reads. */
const mostLate = 500;

type Answers = readonly (readonly SqlRow[])[];
type Lock = z.infer<typeof lockSchema>;

export const mysqlRowLocks = defineProbe({
  id: "mysql-row-locks",
  spec: ["P24"],
  title: "Who waits for whose row, and who is at the root?",
  engines: ["mysql"],
  versions: { from: 8 },
  tier: "immediate",
  cost: "What the session list costs, and nothing more while no transaction waits; else one pass over data_locks, linear in the row locks. From 500,000 row locks on only the waits themselves, at most 20,000. For a holder of the moment the list of transactions again, half a second later.",
  needs: [processGrant, performanceSchemaGrant, performanceSchemaSetting],
  row: lockForestSchema,
  maxRows: 1,
  source: "https://dev.mysql.com/doc/refman/8.4/en/performance-schema-data-locks-table.html",
  statements: ({ server }) => [metadataLocksSightStatement, ...mysqlSnapshotStatements(server)],
  followRounds: 3,
  follow: ([sight, ...rest], context) => {
    const { server } = context;
    const transactions = readTransactions(rest[1] ?? [], server) ?? [];
    const wanted = wantedLocks(transactions);
    if (!isOn(sight) || wanted.length === 0) return [];
    const { locks, late, again } = furtherAnswers(rest, transactions);
    if (locks === undefined) {
      const listing = tooMany(transactions) ? mysqlLockWaits : mysqlDataLocks(wanted);
      return transactions.some(leftBehind) ? [listing, recoverStatement(server)] : [listing];
    }
    const ids = tooMany(transactions) ? [] : lateThreads(z.array(lockSchema).parse(locks), transactions);
    if (late === undefined && ids.length > 0) return [lateOwnersStatement(server, ids, "data_locks")];
    return again === undefined ? laterRowLook(firstLook(rest, context)) : [];
  },
  read: ([sight, ...rest], context): LockForest[] => {
    if (!isOn(sight)) {
      throw new SqlError("missing-object", "performance_schema", "performance_schema is OFF");
    }
    const first = firstLook(rest, context);
    return [withRowTurns(first, furtherAnswers(rest, first.transactions).again)];
  },
});

/** In the order in which they were asked for. */
function furtherAnswers(answers: Answers, transactions: readonly TransactionRow[]) {
  const [locks, ...after] = answers.slice(mysqlSnapshotLength);
  const recovered = transactions.some(leftBehind) ? after.shift() : undefined;
  const { again, others } = partLooks(after);
  return { locks, recovered, late: others[0], again };
}

function firstLook(answers: Answers, context: ProbeContext): FirstLook {
  const transactions = readTransactions(answers[1] ?? [], context.server) ?? [];
  const { locks = [], recovered, late = [] } = furtherAnswers(answers, transactions);
  const { snapshot } = readLateOwners(readMysqlSnapshot(answers, context), late, context);
  const rows = tooMany(transactions) ? locksOfWaits(locks) : z.array(lockSchema).parse(locks);
  const requests = rows.flatMap((row) => requestOf(row, snapshot));
  const granted = rows.filter(({ status }) => status === "GRANTED");
  const xids = recovered === undefined ? null : readXids(recovered);
  return {
    forest: mysqlForest({ requests, snapshot, xids, conflicts: innodbConflicts }),
    transactions,
    held: new Map(granted.flatMap((row) => ownedBy(row, snapshot))),
    lockKey: lockKeyOf,
  };
}

function ownedBy(row: Lock, snapshot: MysqlSnapshot): [string, string][] {
  const owner = ownerOf(row, snapshot);
  return owner === null ? [] : [[owner.key, row.trx_id]];
}

/** Whatever the answer says of metadata locks, there is none with performance_schema off; it is asked for already. */
function isOn([row]: readonly SqlRow[] = []): boolean {
  return row !== undefined && Number(row["enabled"]) !== 0;
}

/** One for each row or table that somebody waits for. */
function wantedLocks(transactions: readonly TransactionRow[]): readonly string[] {
  const waiting = transactions.flatMap(({ requested_lock }) => requested_lock ?? []);
  return [...new Set(waiting.map(lockKeyOf))];
}

function tooMany(transactions: readonly TransactionRow[]): boolean {
  return transactions.reduce((sum, { rows_locked }) => sum + rows_locked, 0) >= manyRowLocks;
}

/** Of transactions that began after those were listed: what their sessions were doing then is past. */
function lateThreads(locks: readonly Lock[], transactions: readonly TransactionRow[]): readonly number[] {
  const known = new Set(transactions.map(({ trx_id }) => trx_id));
  const late = locks.filter(({ trx_id }) => !known.has(trx_id)).map(({ thread_id }) => thread_id);
  return [...new Set(late.filter((id) => id !== null))].slice(0, mostLate);
}

function requestOf(row: Lock, snapshot: MysqlSnapshot): LockRequest[] {
  const owner = ownerOf(row, snapshot);
  if (owner === null) return [];
  const granted = row.status === "GRANTED";
  const waitSeconds = granted ? null : (owner.transaction?.wait_seconds ?? null);
  const name = innodbObjectName({ table: tableOf(row), record: recordOf(row) });
  return [
    {
      owner: owner.key,
      ...name,
      mode: row.mode,
      granted,
      // Whole seconds say little of who came first; the statement's timer runs from about the same moment.
      order: -(owner.session?.statementSeconds ?? waitSeconds ?? 0),
      waitSeconds,
      explicit: name.objectKind === "table" && /^[XS]$/.test(row.mode) && heldByCommand(owner.session),
    },
  ];
}

function ownerOf({ thread_id, trx_id }: Lock, snapshot: MysqlSnapshot): LockOwner | null {
  const connection = thread_id === null ? undefined : snapshot.connectionOf.get(thread_id);
  return transactionOwner(snapshot, trx_id, connection);
}

function tableOf({ schema_name, table_name, partition_name, lock_key }: Lock): string {
  if (table_name === null) return `tablespace ${lock_key.split(":")[0]}`;
  const table = schema_name === null ? table_name : `${schema_name}.${table_name}`;
  return partition_name === null ? table : `${table} partition ${partition_name}`;
}

function recordOf({ lock_key, index_name }: Lock) {
  const [, page, heap] = lock_key.split(":");
  if (page === undefined || heap === undefined) return null;
  return { index: index_name ?? "index unknown", page, heap };
}

/** Waits as locks: what is waited for is held, unless it is itself among what waits. */
function locksOfWaits(waits: readonly SqlRow[]): Lock[] {
  const rows = z.array(waitSchema).parse(waits);
  const waiting = new Set(rows.map(({ waiting_lock }) => waiting_lock));
  const locks = new Map<string, Lock>();
  for (const { waiting_trx, waiting_lock, blocking_trx, blocking_lock } of rows) {
    const names = { schema_name: null, table_name: null, partition_name: null, index_name: null };
    const lock = { ...names, lock_key: lockKeyOf(waiting_lock), thread_id: null, mode: "X" };
    locks.set(waiting_lock, { ...lock, trx_id: waiting_trx, status: "WAITING" });
    const status = waiting.has(blocking_lock) ? "WAITING" : "GRANTED";
    locks.set(blocking_lock, { ...lock, trx_id: blocking_trx, status });
  }
  return [...locks.values()];
}
