import * as z from "zod";
import { defineRows } from "../define-rows.ts";

const measure = z.number().nonnegative().nullable();

/** One logical slot that somebody reads from. */
export const logicalDecodingRowSchema = z.object({
  slot: z.string(),
  plugin: z.string().nullable(),
  database: z.string().nullable(),
  pid: z.number().int(),
  application: z.string().nullable(),
  user: z.string().nullable(),
  waitEvent: z.string().nullable(),
  intervalSeconds: z.number().nonnegative(),
  /** Written, and not confirmed by the consumer; null where the server does not tell its position. */
  unconfirmedBytes: measure,
  /** Kept for it; more than is unconfirmed when a transaction that began earlier has not ended. */
  retainedBytes: measure,
  /** By how much the confirmed position moved between two readings. */
  confirmedBytesPerSecond: measure,
  /** Of transactions too large for logical_decoding_work_mem. Null before 14. */
  spilledBytesPerSecond: measure,
  spilledBytes: measure,
});
export type LogicalDecodingRow = z.infer<typeof logicalDecodingRowSchema>;

export const postgresLogicalDecodingRows = defineRows({
  id: "postgres-logical-decoding",
  row: logicalDecodingRowSchema,
});
