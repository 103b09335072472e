import * as z from "zod";
import { defineRows } from "../define-rows.ts";

export const partitionSpanSchema = z.object({ from: z.string(), to: z.string() });

/** A partitioned table, and how far its partitions reach. */
export const partitionEndRowSchema = z.object({
  schema: z.string(),
  table: z.string(),
  /** Null where they are not by ranges of one date or time, or have no end. UTC, also of a type without a zone. */
  newestUpTo: z.string().nullable(),
  /** Partitions to be made for the next 6 months; the first 12. */
  missing: z.array(partitionSpanSchema),
  defaultPartition: z.string().nullable(),
});

/** What rules read of it. */
export const postgresPartitionsRows = defineRows({
  id: "postgres-partitions",
  row: partitionEndRowSchema,
});
