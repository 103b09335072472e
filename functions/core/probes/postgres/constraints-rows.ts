import * as z from "zod";
import { defineRows } from "../define-rows.ts";

/** P14: constraints that say nothing of the rows that were there before them. Largest tables first. */
export const postgresConstraintRowSchema = z.object({
  schema: z.string(),
  table: z.string(),
  constraint: z.string(),
  kind: z.enum(["foreign-key", "check", "not-null", "other"]),
  /** Null while the table is locked exclusively, because asking would wait. */
  definition: z.string().nullable(),
  tableRows: z.number(),
  /** False: NOT ENFORCED (since 18), new rows are not checked either. */
  enforced: z.boolean(),
  validate: z.string(),
  /** Who may change it; null where older evidence does not say. */
  owner: z.string().nullable().default(null),
});
export type PostgresConstraintRow = z.infer<typeof postgresConstraintRowSchema>;

export const postgresConstraintsRows = defineRows({
  id: "postgres-constraints",
  row: postgresConstraintRowSchema,
});
