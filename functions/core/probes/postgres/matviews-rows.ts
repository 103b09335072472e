import * as z from "zod";
import { defineRows } from "../define-rows.ts";

/** One materialized view of the connected database; those being refreshed first, then the largest. */
export const matviewRowSchema = z.object({
  schema: z.string(),
  view: z.string(),
  /** Who may change it; null where older evidence does not say. */
  owner: z.string().nullable().default(null),
  populated: z.boolean(),
  bytes: z.number().nonnegative(),
  rows: z.number().nullable(),
  /** An index that REFRESH … CONCURRENTLY can work with: unique, valid, on plain columns, of all rows. */
  uniqueIndex: z.string().nullable(),
  /** A column of which no value repeats, as ANALYZE has counted; null when there is none, or nobody may see. */
  keyColumn: z.string().nullable().default(null),
  canRefreshConcurrently: z.boolean(),
  whyNotConcurrently: z.string().nullable(),
  /** Running or queued; the lock says whether CONCURRENTLY: then readers are not blocked. */
  refresh: z
    .object({
      pid: z.number().int(),
      sessionKey: z.string(),
      concurrently: z.boolean(),
      /** It waits for its own lock. */
      waiting: z.boolean(),
      seconds: z.number().nonnegative().nullable(),
      user: z.string().nullable(),
      application: z.string().nullable(),
      query: z.string().nullable(),
    })
    .nullable(),
  /** Other sessions that wait for a lock on the view. */
  blockedSessions: z.number().int().nonnegative(),
  blockedPids: z.array(z.number().int()),
  longestWaitSeconds: z.number().nonnegative().nullable(),
  /** Since it was last filled as a whole. Null: not knowable here, and `freshnessUnknown` says why. */
  refreshedSeconds: z.number().nonnegative().nullable(),
  freshnessUnknown: z.string().nullable(),
});
export type MatviewRow = z.infer<typeof matviewRowSchema>;

export const postgresMatviewsRows = defineRows({ id: "postgres-matviews", row: matviewRowSchema });
