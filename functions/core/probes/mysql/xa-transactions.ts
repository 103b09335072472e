import * as z from "zod";
import type { ServerInfo, SqlRow } from "../../ports.ts";
import { defineProbe } from "../define.ts";
import { processGrant } from "./sight.ts";

/** P26: prepared XA transactions that no session owns any more: they keep their locks until somebody finishes them. */
export const mysqlXaRowSchema = z.object({
  transactionId: z.string(),
  /** For XA COMMIT and XA ROLLBACK. Null when unknown, or when several could be meant: see `candidateXids`. */
  xid: z.string().nullable(),
  /** All prepared ones; some may still have their session. */
  candidateXids: z.array(z.string()),
  /** What makes the xid visible; null when it is. */
  howToSeeXid: z.string().nullable(),
  /** Since it began, or since the server was started: a restart begins it anew. */
  ageSeconds: z.number().nonnegative(),
  rowsModified: z.number().nonnegative(),
  rowsLocked: z.number().nonnegative(),
});
export type MysqlXaRow = z.infer<typeof mysqlXaRowSchema>;

const text = z.union([z.string(), z.number()]).transform(String);
const number = z.coerce.number();
const leftSchema = z.object({
  trx_id: text,
  age_seconds: number.nullable(),
  rows_modified: number,
  rows_locked: number,
});
const failedSchema = z.object({ failed: z.string() });
const preparedSchema = z.object({
  formatID: number,
  gtrid_length: number,
  bqual_length: number,
  data: z.string(),
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
  id: "mysql-xa-transactions",
  spec: ["P26"],
  title: "Which prepared XA transactions were left behind?",
  engines: ["mysql", "mariadb"],
  tier: "performance",
  cost: "One copy of INNODB_TRX; XA RECOVER only when one was left.",
  needs: [processGrant],
  row: mysqlXaRowSchema,
  maxRows: 100,
  source: "https://dev.mysql.com/doc/refman/8.4/en/xa-statements.html",
  statements: () => [{ sql: leftSql }],
  follow: ([left = []], { server }) =>
    left.length === 0 ? [] : [{ sql: recoverSql(server), mayFail: true }],
  read: ([left = [], recovered = []]): MysqlXaRow[] => {
    const rows = z.array(leftSchema).parse(left);
    const hidden = failedSchema.safeParse(recovered[0]).success;
    const xids = hidden ? [] : recovered.map(xidOf);
    const certain = rows.length === 1 && xids.length === 1 ? (xids[0] ?? null) : null;
    return rows.map((row) => ({
      transactionId: row.trx_id,
      xid: certain,
      candidateXids: xids,
      howToSeeXid: hidden ? recoverAdmin : null,
      ageSeconds: Math.max(0, row.age_seconds ?? 0),
      rowsModified: row.rows_modified,
      rowsLocked: row.rows_locked,
    }));
  },
});

function recoverSql({ engine }: ServerInfo): string {
  return engine === "mariadb" ? "XA RECOVER FORMAT='SQL'" : "XA RECOVER CONVERT XID";
}

/** As XA COMMIT takes it. MariaDB says it so itself; MySQL gives both parts as one hexadecimal number. */
function xidOf(row: SqlRow): string {
  const { formatID, gtrid_length, bqual_length, data } = preparedSchema.parse(row);
  const hex = /^0x([0-9a-f]*)$/i.exec(data)?.[1];
  if (hex === undefined) return data;
  const global = hex.slice(0, gtrid_length * 2);
  const branch = hex.slice(gtrid_length * 2, (gtrid_length + bqual_length) * 2);
  return `X'${global}',X'${branch}',${formatID}`;
}
