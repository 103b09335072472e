import * as z from "zod";
import { defineRows } from "../../define-rows.ts";

/** P30: an index that another one of its table makes superfluous. */
export const mysqlIndexRowSchema = z.object({
  schema: z.string(),
  table: z.string(),
  index: z.string(),
  /**
   * `duplicate`: another index has the same columns, prefix lengths and order. `redundant-prefix`: its columns are the
   * leading ones of a wider index.
   */
  problem: z.enum(["duplicate", "redundant-prefix"]),
  coveredBy: z.string(),
  unique: z.boolean(),
  columns: z.array(z.string()),
  /** Makes it again. */
  definition: z.string(),
  /** Distinct values of all its columns together, estimated. */
  cardinality: z.number().nullable(),
  /** Since the server's start: what keeping the index costs. Null with performance_schema off. */
  tableWrites: z.number().nullable(),
  caveat: z.string().nullable(),
});
export type MysqlIndexRow = z.infer<typeof mysqlIndexRowSchema>;

export const mysqlIndexesRows = defineRows({ id: "mysql-indexes", row: mysqlIndexRowSchema });
