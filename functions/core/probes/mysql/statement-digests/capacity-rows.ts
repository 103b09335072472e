import * as z from "zod";
import { defineRows } from "../../define-rows.ts";

/** P27: how full the digest table is. One row. */
export const digestCapacityRowSchema = z.object({
  entries: z.number().int().nonnegative(),
  maxEntries: z.number().int().nonnegative(),
  percent: z.number().nonnegative(),
  /**
   * Calls that are counted under no digest because the table was full when their statement first came: their text is
   * nowhere. Nothing is evicted, so that new statements stay invisible until the table is emptied.
   */
  callsWithoutDigest: z.number().nonnegative(),
  callsWithoutDigestPerSecond: z.number().nonnegative().nullable(),
  /** Of all calls since the table was emptied. */
  callsWithoutDigestPercent: z.number().nonnegative(),
  secondsWithoutDigest: z.number().nonnegative(),
  /** Performance_schema_digest_lost. */
  lost: z.number().nonnegative(),
  saturated: z.boolean(),
});
export type DigestCapacityRow = z.infer<typeof digestCapacityRowSchema>;

export const mysqlStatementDigestsCapacityRows = defineRows({
  id: "mysql-statement-digests-capacity",
  row: digestCapacityRowSchema,
});
