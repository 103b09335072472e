import * as z from "zod";
import { defineRows } from "../define-rows.ts";

/** P26: old row versions that wait to be purged. One row. */
export const mysqlPurgeRowSchema = z.object({
  intervalSeconds: z.number().nonnegative(),
  /** Committed transactions whose old row versions are still kept. */
  historyListLength: z.number().nonnegative(),
  /** Negative while purge catches up; null without a measurable interval. */
  historyGrowthPerSecond: z.number().nullable(),
  /** Files of the undo tablespaces. Null where undo lies in the system tablespace, as by default before MariaDB 11. */
  undoBytes: z.number().nonnegative().nullable(),
  undoTablespaces: z.number().int().nonnegative(),
  /** What the undo tablespaces are cut back to once they may be. */
  undoTruncateBytes: z.number().nonnegative(),
  undoTruncateOn: z.boolean(),
  purgeThreads: z.number().int().nonnegative(),
  /** Zero: never slowed down. Else changes are delayed while the history is longer. */
  maxPurgeLag: z.number().nonnegative(),
  /** From InnoDB's monitor; null where its text did not say it, absent from evidence of before it was read. */
  monitor: z
    .object({
      /** The number that the next transaction, or the next commit, gets: one sequence for both. */
      nextNumber: z.number(),
      /** Purge has removed what transactions committed below this number have left. */
      purgedBelow: z.number(),
      /** Views of the data that were open, those of transactions that the monitor does not list included. */
      openViews: z.number().int(),
      openViewsBefore: z.number().int().nullable(),
      /** Purge has not come on between the two readings. */
      purgeStands: z.boolean(),
    })
    .nullable()
    .optional(),
});
export type MysqlPurgeRow = z.infer<typeof mysqlPurgeRowSchema>;

export const mysqlOldestTransactionPurgeRows = defineRows({
  id: "mysql-oldest-transaction-purge",
  row: mysqlPurgeRowSchema,
});
