import * as z from "zod";
import { defineRows } from "../define-rows.ts";

const decimal = z.string().regex(/^\d+$/);

/** P30: a column that refers to a key of a wider type; the fullest first. */
export const postgresNarrowReferencesRowSchema = z.object({
  schema: z.string(),
  table: z.string(),
  column: z.string(),
  /** Of the column that refers. */
  type: z.string(),
  owner: z.string().nullable(),
  constraint: z.string(),
  parentSchema: z.string(),
  parentTable: z.string(),
  parentColumn: z.string(),
  /** The next key of the parent: by its sequence, or the largest there is and one. */
  nextValue: decimal,
  /** The last key that the column can refer to. */
  maxValue: decimal,
  usedPercent: z.number().min(0).max(100),
});
export type PostgresNarrowReferencesRow = z.infer<typeof postgresNarrowReferencesRowSchema>;

export const postgresNarrowReferencesRows = defineRows({
  id: "postgres-narrow-references",
  row: postgresNarrowReferencesRowSchema,
});
