import { type LockForest, lockForestSchema } from "../../../contract/locks.ts";
import type { LockRequest } from "../../../locks/forest.ts";
import { innodbConflicts } from "../../../locks/mysql-record-locks.ts";
import type { SqlRow } from "../../../ports.ts";
import { defineProbe, type ProbeContext } from "../../define.ts";
import {
  type InnodbLockRow,
  readInnodbLocks,
  readTransactions,
  type TransactionRow,
  tooManyWait,
} from "../innodb-transactions.ts";
import { heldByCommand, leftBehind, mysqlForest, transactionOwner } from "../lock-owners.ts";
import { performanceSchemaGrant, processGrant } from "../sight.ts";
import { type MysqlSnapshot, readMysqlSnapshot } from "../snapshot.ts";
import { mysqlSnapshotLength, mysqlSnapshotStatements } from "../snapshot-sql.ts";
import { readXids, recoverStatement } from "../xa-xids.ts";
import { innodbObjectName } from "./record-name.ts";
import { type FirstLook, laterRowLook, withRowTurns } from "./row-turns.ts";

type Answers = readonly (readonly SqlRow[])[];

export const mariadbRowLocks = defineProbe({
  id: "mariadb-row-locks",
  spec: ["P24"],
  title: "Who waits for whose row, and who is at the root?",
  engines: ["mariadb"],
  tier: "immediate",
  cost: "What the session list costs: INNODB_LOCKS comes with it and lists contested locks only. INNODB_LOCK_WAITS is not read: it grows with the square of a queue. For a holder of the moment, and up to 300 that wait, the same again half a second later.",
  needs: [processGrant, performanceSchemaGrant],
  row: lockForestSchema,
  maxRows: 1,
  source: "https://mariadb.com/kb/en/information-schema-innodb_locks-table/",
  statements: ({ server }) => mysqlSnapshotStatements(server),
  followRounds: 2,
  follow: (answers, context) => {
    const listed = readTransactions(answers[1] ?? [], context.server) ?? [];
    const { again, recovered } = furtherAnswers(answers, listed);
    if (recovered === undefined && listed.some(leftBehind)) return [recoverStatement(context.server)];
    const waiting = listed.filter(({ requested_lock }) => requested_lock !== null).length;
    if (again !== undefined || waiting === 0 || waiting > mostLookedAtAgain) return [];
    return laterRowLook(firstLook(answers, context));
  },
  read: (answers, context): LockForest[] => {
    const first = firstLook(answers, context);
    return [withRowTurns(first, furtherAnswers(answers, first.transactions).again)];
  },
});

/** More than that, and the copy which every look takes costs more than is left of a tenth of a second. */
const mostLookedAtAgain = 300;

/** The names of prepared transactions come first, where there are any. */
function furtherAnswers(answers: Answers, listed: readonly TransactionRow[]) {
  const further = answers.slice(mysqlSnapshotLength);
  return listed.some(leftBehind)
    ? { recovered: further[0], again: further[1] }
    : { recovered: undefined, again: further[0] };
}

function firstLook(answers: Answers, context: ProbeContext): FirstLook {
  const snapshot = readMysqlSnapshot(answers, context);
  if (snapshot.transactions === null) throw tooManyWait();
  const rows = readInnodbLocks(answers[1] ?? []);
  const requests = rows.flatMap((row) => requestOf(row, snapshot));
  const transactions = [...snapshot.transactions.values()];
  const { recovered } = furtherAnswers(answers, transactions);
  const xids = recovered === undefined ? null : readXids(recovered);
  return {
    forest: mysqlForest({ requests, snapshot, xids, conflicts: innodbConflicts }),
    transactions,
    held: new Map(),
    lockKey: (id) => id.slice(id.indexOf(":") + 1),
  };
}

function requestOf(row: InnodbLockRow, snapshot: MysqlSnapshot): LockRequest[] {
  const owner = transactionOwner(snapshot, row.trx_id);
  if (owner === null) return [];
  const granted = owner.transaction?.requested_lock !== row.lock_id;
  const waitSeconds = granted ? null : (owner.transaction?.wait_seconds ?? null);
  const name = innodbObjectName({ table: tableOf(row.table_name), record: recordOf(row) });
  return [
    {
      owner: owner.key,
      ...name,
      // Told like a gap lock; but a pure gap lock never waits, so it is an insert that waits for the gap.
      mode: !granted && row.mode === "X,GAP" ? "X,GAP,INSERT_INTENTION" : row.mode,
      granted,
      order: -(owner.session?.statementSeconds ?? waitSeconds ?? 0),
      waitSeconds,
      explicit: name.objectKind === "table" && /^[XS]$/.test(row.mode) && heldByCommand(owner.session),
    },
  ];
}

/** Quoted with backticks; a partition is named in a comment behind it. */
function tableOf(quoted: string): string {
  return quoted
    .replaceAll("`", "")
    .replace(/\/\* Partition (.*) \*\//, "partition $1")
    .trim();
}

function recordOf({ index_name, page, heap }: InnodbLockRow) {
  return page === null || heap === null ? null : { index: index_name ?? "index unknown", page, heap };
}
