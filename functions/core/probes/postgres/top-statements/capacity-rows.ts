import * as z from "zod";
import { defineRows } from "../../define-rows.ts";

/** How full pg_stat_statements is. One row. */
export const statementCapacityRowSchema = z.object({
  entries: z.number().int().nonnegative(),
  maxEntries: z.number().int().positive(),
  percent: z.number().nonnegative(),
  /**
   * Times since the reset that the least used entries were thrown out, each time about 5 %: what is thrown out is
   * missing from every total. Null before PostgreSQL 14.
   */
  evictions: z.number().nonnegative().nullable(),
  evictionsPerSecond: z.number().nonnegative().nullable(),
  statsSeconds: z.number().nullable(),
  /** pg_stat_statements.track; `none` counts nothing. */
  track: z.string(),
  extensionVersion: z.string(),
});
export type StatementCapacityRow = z.infer<typeof statementCapacityRowSchema>;

export const postgresTopStatementsCapacityRows = defineRows({
  id: "postgres-top-statements-capacity",
  row: statementCapacityRowSchema,
});
