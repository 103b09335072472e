import * as z from "zod";
import { defineRows } from "../define-rows.ts";

/** P34: one row for each foreign key that was named. */
export const mysqlOrphansRowSchema = z.object({
  schema: z.string(),
  table: z.string(),
  constraint: z.string(),
  referencedTable: z.string(),
  /** Null when it could not be looked into. */
  orphanedRows: z.number().nullable(),
  /** Referencing rows that were looked at. */
  checkedRows: z.number().nullable(),
  /** True when that was not the whole table: there may be more orphans. */
  partial: z.boolean(),
  /** Shows some. */
  select: z.string(),
  reason: z.string().nullable(),
});
export type MysqlOrphansRow = z.infer<typeof mysqlOrphansRowSchema>;

export const mysqlOrphansRows = defineRows({ id: "mysql-orphaned-rows", row: mysqlOrphansRowSchema });
