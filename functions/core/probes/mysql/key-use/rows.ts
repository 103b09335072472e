import * as z from "zod";
import { defineRows } from "../../define-rows.ts";

const decimal = z.string().regex(/^\d+$/);

/** P30: AUTO_INCREMENT columns that have used up much of their type, the fullest first. */
export const mysqlKeyUseRowSchema = z.object({
  schema: z.string(),
  table: z.string(),
  column: z.string(),
  /** "int unsigned" */
  type: z.string(),
  /** Decimal text: a bigint is more than a number holds. MySQL never says more than `maxValue`, MariaDB one more. */
  nextValue: decimal,
  /** The last value that an INSERT can be given. */
  maxValue: decimal,
  usedPercent: z.number().min(0).max(100),
  /** Since the server's start, of the table; null with performance_schema off. */
  inserts: z.number().nonnegative().nullable(),
  /** INSERTs into a table with nothing left that failed; null where that was not asked or is not counted. */
  failed: z.object({ count: z.number().nonnegative(), secondsAgo: z.number().nonnegative() }).nullable(),
});
export type MysqlKeyUseRow = z.infer<typeof mysqlKeyUseRowSchema>;

export const mysqlKeyUseRows = defineRows({ id: "mysql-key-use", row: mysqlKeyUseRowSchema });
