import * as z from "zod";
import { defineRows } from "../define-rows.ts";

const rate = z.number().nonnegative().nullable();

/** The small caches of transaction states, and whose subtransactions no longer fit beside its session. One row. */
export const slruRowSchema = z.object({
  intervalSeconds: z.number().nonnegative(),
  /** Pages by cache, as 17 and later name them: hit in it, and read from files. */
  caches: z.array(z.object({ name: z.string(), hitsPerSecond: rate, readsPerSecond: rate })),
  /** Sessions with more than 64 subtransactions in one transaction; null before 16. */
  overflowed: z.array(z.object({ pid: z.number().int(), subtransactions: z.number().int() })).nullable(),
  /** As of the last checkpoint: how many members all multixacts so far had, and how many multixacts there were. */
  multixacts: z.object({ members: z.number(), ids: z.number() }).nullable(),
});
export type SlruRow = z.infer<typeof slruRowSchema>;

export const postgresSlruRows = defineRows({ id: "postgres-slru", row: slruRowSchema });
