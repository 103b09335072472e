import * as z from "zod";
import { defineRows } from "../define-rows.ts";

const count = z.number().nonnegative();

/** P33: tables whose stored statistics are of another size than the table is now; the largest difference first. */
export const mysqlTableStatisticsRowSchema = z.object({
  schema: z.string(),
  table: z.string(),
  /** InnoDB's running count, which every INSERT and DELETE changes. */
  rows: count,
  /** What the distinct values of its indexes were counted at. */
  countedRows: count,
  countedSecondsAgo: count,
  /** Whether a change of a tenth of the rows has them counted again. */
  recounts: z.boolean(),
});
export type MysqlTableStatisticsRow = z.infer<typeof mysqlTableStatisticsRowSchema>;

export const mysqlTableStatisticsRows = defineRows({
  id: "mysql-table-statistics",
  row: mysqlTableStatisticsRowSchema,
});
