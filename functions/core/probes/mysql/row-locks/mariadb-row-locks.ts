import * as z from "zod";
import { type LockForest, lockForestSchema } from "../../../contract/locks.ts";
import type { LockRequest } from "../../../locks/forest.ts";
import { innodbConflicts } from "../../../locks/mysql-record-locks.ts";
import { defineProbe } from "../../define.ts";
import {
  type InnodbLockRow,
  readInnodbLocks,
  readTransactions,
  tooManyWait,
} from "../innodb-transactions.ts";
import { heldByCommand, leftBehind, mysqlForest, transactionOwner } from "../lock-owners.ts";
import { performanceSchemaGrant, processGrant } from "../sight.ts";
import { type MysqlSnapshot, readMysqlSnapshot } from "../snapshot.ts";
import { mysqlSnapshotLength, mysqlSnapshotStatements } from "../snapshot-sql.ts";
import { innodbObjectName } from "./record-name.ts";

export const mariadbRowLocks = defineProbe({
  id: "mariadb-row-locks",
  spec: ["P24"],
  title: "Who waits for whose row, and who is at the root?",
  engines: ["mariadb"],
  tier: "immediate",
  cost: "What the session list costs: INNODB_LOCKS comes with it and lists contested locks only. INNODB_LOCK_WAITS is not read: it grows with the square of a queue.",
  needs: [processGrant, performanceSchemaGrant],
  row: lockForestSchema,
  maxRows: 1,
  source: "https://mariadb.com/kb/en/information-schema-innodb_locks-table/",
  statements: ({ server }) => mysqlSnapshotStatements(server),
  follow: ([, transactions = []], { server }) =>
    (readTransactions(transactions, server) ?? []).filter(leftBehind).length === 1
      ? [{ sql: "XA RECOVER FORMAT='SQL'" }]
      : [],
  read: (answers, context): LockForest[] => {
    const snapshot = readMysqlSnapshot(answers, context);
    if (snapshot.transactions === null) throw tooManyWait();
    const requests = readInnodbLocks(answers[1] ?? []).flatMap((row) => requestOf(row, snapshot));
    const [recovered, ...more] = answers[mysqlSnapshotLength] ?? [];
    const xid = recovered !== undefined && more.length === 0 ? z.string().parse(recovered["data"]) : null;
    return [mysqlForest({ requests, snapshot, xid, conflicts: innodbConflicts })];
  },
});

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
