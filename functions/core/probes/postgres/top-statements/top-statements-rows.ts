import * as z from "zod";
import { defineRows } from "../../define-rows.ts";
import { measure, statementNow, statementTotals } from "../../statement-rows.ts";

export const statementRanks = [
  "time-now",
  "calls-now",
  "total-time",
  "mean-time",
  "calls",
  "io",
  "temp",
  "wal",
] as const;
export type StatementRank = (typeof statementRanks)[number];

/** One normalised statement of one user in one database. Counted when a call ends: what still runs is not in it. */
export const topStatementRowSchema = z.object({
  queryId: z.string(),
  user: z.string().nullable(),
  database: z.string().nullable(),
  /** The responder's own, by its marker; or what its user asks of the catalogs. */
  own: z.boolean(),
  /** False: called from inside a function. */
  topLevel: z.boolean(),
  /** Null when the server has lost the text. */
  query: z.string().nullable(),
  rankedBy: z.array(z.enum(statementRanks)),
  /** Between two readings `intervalSeconds` apart. */
  now: z.object({
    ...statementNow,
    rowsPerSecond: measure,
    blocksReadPerSecond: measure,
    /** Written, which is what did not fit into memory; in older evidence with what was read. */
    tempBytesPerSecond: measure,
    /** Many times as much where a list is walked again and again. Absent from older evidence. */
    tempReadBytesPerSecond: measure.exactOptional(),
    walBytesPerSecond: measure,
    /** Of its time, what just-in-time compilation took; absent where there was none, and before 15. */
    jitPercent: measure.exactOptional(),
  }),
  /** Since statistics were reset, or the entry was evicted and came back: not what happens now. */
  sinceReset: z.object({
    ...statementTotals,
    stddevSeconds: measure,
    planSeconds: measure,
    rows: measure,
    blocksHit: measure,
    blocksRead: measure,
    blocksDirtied: measure,
    /** Written; in older evidence with what was read. */
    tempBytes: measure,
    walBytes: measure,
    /** Zero with track_io_timing off. */
    ioSeconds: measure,
    /** From PostgreSQL 17 on; null: not kept. */
    firstSeenAt: z.string().nullable().exactOptional(),
  }),
});
export type TopStatementRow = z.infer<typeof topStatementRowSchema>;

export const postgresTopStatementsRows = defineRows({
  id: "postgres-top-statements",
  row: topStatementRowSchema,
});
