import * as z from "zod";
import { defineRows } from "../../define-rows.ts";
import { measure, statementNow, statementTotals } from "../../statement-rows.ts";

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

/** P27: one normalised statement in one schema. Counted when it ends: what still runs is not in it. */
export const statementDigestRowSchema = z.object({
  schema: z.string().nullable(),
  digest: z.string(),
  /** Null when the entry was lost between the readings. */
  query: z.string().nullable(),
  /** The responder's own, by its marker; absent where the engine keeps no comments: MariaDB. */
  own: z.boolean().exactOptional(),
  rankedBy: z.array(z.enum(digestRanks)),
  /** Between two readings `intervalSeconds` apart. */
  now: z.object({
    ...statementNow,
    rowsExaminedPerSecond: measure,
    rowsSentPerSecond: measure,
    tmpDiskTablesPerSecond: measure,
    /** Absent from what was recorded before it was read. */
    sortMergePassesPerSecond: measure.exactOptional(),
    errorsPerSecond: measure,
  }),
  /** Since the table was emptied or the server started: not what happens now. */
  sinceStart: z.object({
    ...statementTotals,
    lockSeconds: measure,
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
