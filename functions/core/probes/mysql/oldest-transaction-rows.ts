import * as z from "zod";
import { defineRows } from "../define-rows.ts";

/** P26: open InnoDB transactions, the oldest first. */
export const mysqlTransactionRowSchema = z.object({
  transactionId: z.string(),
  /** Null: a prepared XA transaction whose session has gone, or one that is rolled back after a crash. */
  sessionId: z.number().int().nullable(),
  user: z.string().nullable(),
  client: z.string().nullable(),
  database: z.string().nullable(),
  state: z.enum(["active", "idle", "lock-wait", "rolling-back", "committing", "no-session"]),
  ageSeconds: z.number().nonnegative(),
  /** For the row that it waits for now; its statement may run for far longer. Absent from older evidence. */
  waitSeconds: z.number().nonnegative().nullable().exactOptional(),
  /** Since its last statement ended; null while one runs, and on MySQL where none is recorded. */
  idleSeconds: z.number().nonnegative().nullable(),
  isolationLevel: z.string(),
  /**
   * A view of the data, once it has one, lasts until it ends, so that nothing deleted or changed since can be purged.
   * Under READ COMMITTED and below a view lasts for one statement only. Whether it has one only `readView` tells.
   */
  keepsView: z.boolean(),
  /**
   * As InnoDB's monitor lists it: with the number from which on its view of the data sees nothing, or without a view.
   * Null: not listed (MySQL leaves out what has only read), or the text was cut. Absent: the monitor was not read.
   */
  readView: z.object({ unseenFrom: z.number().nullable() }).nullable().optional(),
  rowsModified: z.number().nonnegative(),
  rowsLocked: z.number().nonnegative(),
  query: z.string().nullable(),
});
export type MysqlTransactionRow = z.infer<typeof mysqlTransactionRowSchema>;

export const mysqlOldestTransactionRows = defineRows({
  id: "mysql-oldest-transaction",
  row: mysqlTransactionRowSchema,
});
