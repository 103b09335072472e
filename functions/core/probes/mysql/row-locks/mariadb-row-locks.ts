import * as z from "zod";
import { type LockForest, lockForestSchema } from "../../../contract/locks.ts";
import type { LockRequest } from "../../../locks/forest.ts";
import { innodbConflicts } from "../../../locks/mysql-record-locks.ts";
import { defineProbe } from "../../define.ts";
import { heldByCommand, mysqlForest, transactionOwner } from "../lock-owners.ts";
import { performanceSchemaGrant, processGrant } from "../sight.ts";
import { type MysqlSnapshot, readMysqlSnapshot } from "../snapshot.ts";
import { mysqlSnapshotStatements } from "../snapshot-sql.ts";
import { innodbObjectName } from "./record-name.ts";

const text = z.union([z.string(), z.number()]).transform(String);
const lockSchema = z.object({
  lock_id: z.string(),
  trx_id: text,
  mode: z.string(),
  table_name: z.string(),
  index_name: z.string().nullable(),
  page: text.nullable(),
  heap: text.nullable(),
});
type Lock = z.infer<typeof lockSchema>;

const locksSql = `SELECT lock_id, lock_trx_id AS trx_id, lock_mode AS mode, lock_table AS table_name,
    lock_index AS index_name, lock_page AS page, lock_rec AS heap FROM information_schema.INNODB_LOCKS`;

export const mariadbRowLocks = defineProbe({
  id: "mariadb-row-locks",
  spec: ["P24"],
  title: "Who waits for whose row, and who is at the root?",
  engines: ["mariadb"],
  tier: "immediate",
  cost: "One copy of INNODB_LOCKS, which lists contested locks only. INNODB_LOCK_WAITS is not read: it grows with the square of a queue.",
  needs: [processGrant, performanceSchemaGrant],
  row: lockForestSchema,
  maxRows: 1,
  source: "https://mariadb.com/kb/en/information-schema-innodb_locks-table/",
  statements: ({ server }) => [
    { sql: locksSql },
    { sql: "XA RECOVER FORMAT='SQL'" },
    ...mysqlSnapshotStatements(server),
  ],
  read: ([locks = [], recovered = [], ...rest], context): LockForest[] => {
    const snapshot = readMysqlSnapshot(rest, context);
    const rows = z.array(lockSchema).parse(locks);
    const requests = rows.flatMap((row) => requestOf(row, snapshot));
    const xid = recovered.length === 1 ? z.string().parse(recovered[0]?.["data"]) : null;
    return [mysqlForest({ requests, snapshot, xid, conflicts: innodbConflicts })];
  },
});

function requestOf(row: Lock, snapshot: MysqlSnapshot): LockRequest[] {
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

function recordOf({ index_name, page, heap }: Lock) {
  return page === null || heap === null ? null : { index: index_name ?? "index unknown", page, heap };
}
