import * as z from "zod";
import { defineRows } from "../define-rows.ts";

const rate = z.number().nonnegative();

/** P7: a table whose rows were inserted, updated or deleted between two readings, and what of it was rolled back. */
export const undoneChangesRowSchema = z.object({
  database: z.string(),
  schema: z.string(),
  table: z.string(),
  intervalSeconds: rate,
  changesPerSecond: rate,
  insertsPerSecond: rate,
  /** Rolled back, savepoints among them; null where the table was analyzed in between, which begins the count anew. */
  undonePerSecond: rate.nullable(),
  /** Of the inserts, at most. */
  undoneInsertsPerSecond: rate.nullable(),
});
export type UndoneChangesRow = z.infer<typeof undoneChangesRowSchema>;

export const postgresUndoneChangesRows = defineRows({
  id: "postgres-undone-changes",
  row: undoneChangesRowSchema,
});
