import * as z from "zod";
import { defineProbe } from "../define.ts";
import { processGrant } from "./sight.ts";
import { type MysqlXaRow, mysqlXaTransactionsRows } from "./xa-transactions-rows.ts";
import { readXids, recoverStatement } from "./xa-xids.ts";

const text = z.union([z.string(), z.number()]).transform(String);
const number = z.coerce.number();
const leftSchema = z.object({
  trx_id: text,
  age_seconds: number.nullable(),
  rows_modified: number,
  rows_locked: number,
});
/** A transaction without a session that is being rolled back belongs to crash recovery. */
const leftSql = `
  SELECT trx_id, TIMESTAMPDIFF(SECOND, CONVERT_TZ(trx_started, 'SYSTEM', '+00:00'), UTC_TIMESTAMP()) AS age_seconds,
    trx_rows_modified AS rows_modified, trx_rows_locked AS rows_locked
  FROM information_schema.INNODB_TRX
  WHERE trx_mysql_thread_id = 0 AND trx_state <> 'ROLLING BACK'
  ORDER BY trx_started, trx_id LIMIT 100`;

/**
 * XA RECOVER wants XA_RECOVER_ADMIN on MySQL. It is not among the shipped grants: who knows an xid may finish
 * another user's transaction, and the probes' user shall not be able to change anything.
 * https://dev.mysql.com/doc/refman/8.4/en/privileges-provided.html#priv_xa-recover-admin
 */
const recoverAdmin = "GRANT XA_RECOVER_ADMIN ON *.* TO {user}";

export const mysqlXaTransactions = defineProbe({
  ...mysqlXaTransactionsRows,
  spec: ["P26"],
  title: "Which prepared XA transactions were left behind?",
  engines: ["mysql", "mariadb"],
  tier: "performance",
  cost: "One copy of INNODB_TRX; XA RECOVER only when one was left.",
  needs: [processGrant],
  maxRows: 100,
  source: "https://dev.mysql.com/doc/refman/8.4/en/xa-statements.html",
  statements: () => [{ sql: leftSql }],
  follow: ([left = []], { server }) => (left.length === 0 ? [] : [recoverStatement(server)]),
  read: ([left = [], recovered = []]): MysqlXaRow[] => {
    const rows = z.array(leftSchema).parse(left);
    const seen = readXids(recovered);
    const xids = seen ?? [];
    const certain = rows.length === 1 && xids.length === 1 ? (xids[0] ?? null) : null;
    return rows.map((row) => ({
      transactionId: row.trx_id,
      xid: certain,
      candidateXids: [...xids],
      howToSeeXid: seen === null ? recoverAdmin : null,
      ageSeconds: Math.max(0, row.age_seconds ?? 0),
      rowsModified: row.rows_modified,
      rowsLocked: row.rows_locked,
    }));
  },
});
