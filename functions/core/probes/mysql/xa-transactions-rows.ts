import * as z from "zod";
import { defineRows } from "../define-rows.ts";

/** P26: prepared XA transactions that no session owns any more: they keep their locks until somebody finishes them. */
const mysqlXaRowSchema = z.object({
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

export const mysqlXaTransactionsRows = defineRows({ id: "mysql-xa-transactions", row: mysqlXaRowSchema });
