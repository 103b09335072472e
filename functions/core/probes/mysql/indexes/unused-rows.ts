import * as z from "zod";
import { defineRows } from "../../define-rows.ts";

/** P30: an index that nothing read since the server's start, of a table that was used. */
export const mysqlUnusedIndexRowSchema = z.object({
  schema: z.string(),
  table: z.string(),
  index: z.string(),
  columns: z.array(z.string()),
  /** Makes it again. */
  definition: z.string(),
  /** False: the optimizer is told not to use it already. */
  visible: z.boolean(),
  cardinality: z.number().nullable(),
  /** Rows read and written since the server's start. */
  tableReads: z.number(),
  tableWrites: z.number(),
  /** What the counters cover. Days, better weeks, before it means anything: a monthly report uses its index monthly. */
  uptimeSeconds: z.number(),
  caveat: z.string(),
});
export type MysqlUnusedIndexRow = z.infer<typeof mysqlUnusedIndexRowSchema>;

export const mysqlIndexesUnusedRows = defineRows({
  id: "mysql-indexes-unused",
  row: mysqlUnusedIndexRowSchema,
});
