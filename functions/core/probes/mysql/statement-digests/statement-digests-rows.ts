import * as z from "zod";
import { defineRows } from "../../define-rows.ts";

export const digestRanks = [
  "time-now",
  "calls-now",
  "total-time",
  "mean-time",
  "rows-examined-per-sent",
  "no-index",
  "tmp-disk",
  "errors",
] as const;
export type DigestRank = (typeof digestRanks)[number];

const measure = z.number().nonnegative();

/** P27: one normalised statement in one schema. Counted when it ends: what still runs is not in it. */
export const statementDigestRowSchema = z.object({
  schema: z.string().nullable(),
  digest: z.string(),
  /** Null when the entry was lost between the readings. */
  query: z.string().nullable(),
  rankedBy: z.array(z.enum(digestRanks)),
  /** Between two readings `intervalSeconds` apart. */
  now: z.object({
    intervalSeconds: measure,
    callsPerSecond: measure,
    /** Sessions that were busy with it, on average. */
    averageSessions: measure,
    meanSeconds: measure.nullable(),
    /** Of the time of all statements in the interval. */
    percentOfTime: measure.nullable(),
    rowsExaminedPerSecond: measure,
    rowsSentPerSecond: measure,
    tmpDiskTablesPerSecond: measure,
    errorsPerSecond: measure,
  }),
  /** Since the table was emptied or the server started: not what happens now. */
  sinceStart: z.object({
    calls: measure,
    totalSeconds: measure,
    meanSeconds: measure,
    maxSeconds: measure,
    lockSeconds: measure,
    percentOfTime: measure,
    rowsExamined: measure,
    rowsSent: measure,
    rowsAffected: measure,
    /** For each row sent or changed. */
    examinedPerRow: measure.nullable(),
    noIndexUsed: measure,
    fullScans: measure,
    tmpTables: measure,
    tmpDiskTables: measure,
    sortMergePasses: measure,
    errors: measure,
    firstSeenAt: z.string().nullable(),
    lastSeenAt: z.string().nullable(),
  }),
});
export type StatementDigestRow = z.infer<typeof statementDigestRowSchema>;

export const mysqlStatementDigestsRows = defineRows({
  id: "mysql-statement-digests",
  row: statementDigestRowSchema,
});
