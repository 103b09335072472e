import * as z from "zod";
import { defineRows } from "../define-rows.ts";

const rate = z.number().nonnegative().nullable();

/** Who writes dirty buffers, and how often checkpoints come: one row for the server. */
export const writerRatesRowSchema = z.object({
  intervalSeconds: z.number().nonnegative(),
  checkpointBuffersPerSecond: rate,
  backgroundBuffersPerSecond: rate,
  /** Written by sessions themselves because nobody else had: a sign of too small a cache or too lazy a writer. */
  backendBuffersPerSecond: rate,
  allocatedBuffersPerSecond: rate,
  /** Times the background writer stopped at its limit. */
  maxWrittenStopsPerSecond: rate,
  walBytesPerSecond: rate,
  /** Whole pages in the log, each on its first change after a checkpoint. Null before 14, absent from older evidence. */
  walPageImagesPerSecond: rate.default(null),
  /** Since it began: a crash empties the cache and restarts it, and not the server. Null: hidden, or older evidence. */
  checkpointerSeconds: z.number().nullable().default(null),
  /** In the interval. */
  checkpointsTimed: rate,
  checkpointsRequested: rate,
  /** Totals since `statsSeconds` ago: checkpoints come too seldom for one second. */
  sinceReset: z.object({
    statsSeconds: z.number().nullable(),
    checkpointsTimed: z.number(),
    /** Requested ones come before checkpoint_timeout, mostly because max_wal_size was reached. */
    checkpointsRequested: z.number(),
    checkpointWriteSeconds: z.number(),
    checkpointSyncSeconds: z.number(),
  }),
});
export type WriterRatesRow = z.infer<typeof writerRatesRowSchema>;

export const postgresDatabaseRatesWriterRows = defineRows({
  id: "postgres-database-rates-writer",
  row: writerRatesRowSchema,
});
