import * as z from "zod";
import { defineRows } from "../define-rows.ts";

const rate = z.number().nonnegative().nullable();

/**
 * One database between two readings; null where a counter was reset in between. A session reports its counts when it
 * goes idle, at most once a second, so a long statement's blocks appear only at its end.
 */
export const databaseRatesRowSchema = z.object({
  /** Null: what belongs to no database (shared catalogs). */
  database: z.string().nullable(),
  connections: z.number().int().nonnegative().nullable(),
  intervalSeconds: z.number().nonnegative(),
  /** Sign-ins, whether they stay or not (PostgreSQL 14); null before, absent in what was recorded before this was read. */
  sessionsPerSecond: rate.exactOptional(),
  commitsPerSecond: rate,
  rollbacksPerSecond: rate,
  /** Of the interval. `blocksRead` came from outside shared_buffers, maybe from the system's cache. */
  blocksHit: rate,
  blocksRead: rate,
  /** Null without any block: there is no ratio of nothing. Judge it together with its volume. */
  cacheHitPercent: z.number().nullable(),
  tempFilesPerSecond: rate,
  tempBytesPerSecond: rate,
  rowsReturnedPerSecond: rate,
  rowsFetchedPerSecond: rate,
  rowsChangedPerSecond: rate,
  /** In the interval. */
  deadlocks: rate,
  conflicts: rate,
  checksumFailures: rate,
  /** Totals since `statsSeconds` ago: for what is rare enough that one second shows none. */
  sinceReset: z.object({
    statsSeconds: z.number().nullable(),
    cacheHitPercent: z.number().nullable(),
    tempFiles: z.number(),
    tempBytes: z.number(),
    deadlocks: z.number(),
    conflicts: z.number(),
    /** Null: data checksums are off. */
    checksumFailures: z.number().nullable(),
    lastChecksumFailureSeconds: z.number().nullable(),
  }),
});
export type DatabaseRatesRow = z.infer<typeof databaseRatesRowSchema>;

export const postgresDatabaseRatesRows = defineRows({
  id: "postgres-database-rates",
  row: databaseRatesRowSchema,
});
