import * as z from "zod";
import { defineRows } from "../define-rows.ts";

/** P14: one row for each suspicious foreign key that was looked into. */
export const postgresOrphansRowSchema = z.object({
  schema: z.string(),
  table: z.string(),
  constraint: z.string(),
  referencedTable: z.string(),
  /** Why it was looked into: never validated, or its triggers are switched off. */
  because: z.enum(["not-validated", "triggers-disabled"]),
  /** Null when it could not be looked into. */
  orphanedRows: z.number().nullable(),
  /** Referencing rows that were looked at: not more than 200,000 of the table. */
  checkedRows: z.number().nullable(),
  /** True when that was not the whole table: there may be more orphans. */
  partial: z.boolean(),
  /** Shows some. */
  select: z.string(),
  reason: z.string().nullable(),
  /** Who may change it; null where older evidence does not say. */
  owner: z.string().nullable().default(null),
  /** pg_get_constraintdef: adds it again; null where older evidence does not say, its table is locked, or partitioned
   * before 18, which takes no NOT VALID. */
  definition: z.string().nullable().default(null),
});
export type PostgresOrphansRow = z.infer<typeof postgresOrphansRowSchema>;

export const postgresOrphansRows = defineRows({
  id: "postgres-orphaned-rows",
  row: postgresOrphansRowSchema,
});
