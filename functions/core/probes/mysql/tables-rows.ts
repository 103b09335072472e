import * as z from "zod";
import { defineRows } from "../define-rows.ts";

export const tableRanks = ["largest", "fragmented", "full-scans", "no-primary-key"] as const;

const measure = z.number().nonnegative();

/** P30: tables that are large, full of holes, scanned, or without a primary key. */
export const mysqlTableRowSchema = z.object({
  schema: z.string(),
  table: z.string(),
  rankedBy: z.array(z.enum(tableRanks)),
  /** Null when the table could not be looked at, or has gone. */
  engine: z.string().nullable(),
  /** Of the table's own files; null in a shared tablespace, or when it is not among the 40 largest. */
  fileBytes: measure.nullable(),
  /** Estimates, as of the last ANALYZE; MySQL may tell them a day late. */
  estimatedRows: measure.nullable(),
  dataBytes: measure.nullable(),
  indexBytes: measure.nullable(),
  /** Free pages inside the file: OPTIMIZE TABLE would give them back. Holes inside pages are not in it. */
  freeBytes: measure.nullable(),
  freePercent: measure.nullable(),
  /** On MariaDB a not-null unique key counts as one. */
  hasPrimaryKey: z.boolean(),
  /** How many tables have none in all, shown or not; absent from what was recorded before it was counted. */
  keylessTables: measure.exactOptional(),
  /** Since the server's start; null with performance_schema off, or when not among the 20 most scanned. */
  sinceStart: z.object({
    uptimeSeconds: measure,
    rowsReadWithoutIndex: measure.nullable(),
    /** Of all rows read. */
    withoutIndexPercent: measure.nullable(),
    rowsRead: measure.nullable(),
    rowsWritten: measure.nullable(),
  }),
});
export type MysqlTableRow = z.infer<typeof mysqlTableRowSchema>;

export const mysqlTablesRows = defineRows({ id: "mysql-tables", row: mysqlTableRowSchema });
