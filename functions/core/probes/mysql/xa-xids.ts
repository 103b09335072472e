import * as z from "zod";
import type { ServerInfo, SqlRow } from "../../ports.ts";
import type { FollowStatement } from "../define.ts";

const failedSchema = z.object({ failed: z.string() });
const preparedSchema = z.object({
  formatID: z.coerce.number(),
  gtrid_length: z.coerce.number(),
  bqual_length: z.coerce.number(),
  data: z.string(),
});

/**
 * Who may not see the names gets a failure for an answer: MySQL wants XA_RECOVER_ADMIN.
 * https://dev.mysql.com/doc/refman/8.4/en/xa-statements.html
 * https://mariadb.com/docs/server/reference/sql-statements/transactions/xa-transactions
 */
export function recoverStatement({ engine }: ServerInfo): FollowStatement {
  return { sql: engine === "mariadb" ? "XA RECOVER FORMAT='SQL'" : "XA RECOVER CONVERT XID", mayFail: true };
}

/** Every prepared one, as XA COMMIT and XA ROLLBACK take it. Null: hidden. */
export function readXids(rows: readonly SqlRow[]): readonly string[] | null {
  return failedSchema.safeParse(rows[0]).success ? null : rows.map(xidOf);
}

/** MariaDB says it so itself; MySQL gives both parts as one hexadecimal number. */
function xidOf(row: SqlRow): string {
  const { formatID, gtrid_length, bqual_length, data } = preparedSchema.parse(row);
  const hex = /^0x([0-9a-f]*)$/i.exec(data)?.[1];
  if (hex === undefined) return data;
  const global = hex.slice(0, gtrid_length * 2);
  const branch = hex.slice(gtrid_length * 2, (gtrid_length + bqual_length) * 2);
  return `X'${global}',X'${branch}',${formatID}`;
}
