import * as z from "zod";
import type { ServerInfo, SqlRow } from "../../ports.ts";
import { xidOf } from "../../text/xa-xid.ts";
import type { FollowStatement } from "../define.ts";

const failedSchema = z.object({ failed: z.string() });
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
