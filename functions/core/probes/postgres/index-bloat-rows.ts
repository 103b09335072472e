import * as z from "zod";
import { defineRows } from "../define-rows.ts";

/** P10: B-trees of at least thresholds.indexBloatMinMb, the most bytes to win first. */
export const postgresIndexBloatRowSchema = z.object({
  schema: z.string(),
  table: z.string(),
  index: z.string(),
  /** Who may change it; null where older evidence does not say. */
  owner: z.string().nullable().default(null),
  sizeBytes: z.number(),
  /** What a REINDEX would leave, estimated from the column statistics; null without them. */
  rebuiltBytes: z.number().nullable(),
  bloatBytes: z.number().nullable(),
  bloatPercent: z.number().nullable(),
  fillFactor: z.number(),
  /** Why there is no estimate. */
  reason: z.string().nullable(),
});
export type PostgresIndexBloatRow = z.infer<typeof postgresIndexBloatRowSchema>;

export const postgresIndexBloatRows = defineRows({
  id: "postgres-index-bloat",
  row: postgresIndexBloatRowSchema,
});
