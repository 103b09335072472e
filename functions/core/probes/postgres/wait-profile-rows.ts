import * as z from "zod";
import { defineRows } from "../define-rows.ts";

/** What working sessions waited for, over `samples` looks spread over `windowSeconds`; the most frequent first. */
export const waitProfileRowSchema = z.object({
  /** Null: on the CPU, or waiting for one. */
  waitEventType: z.string().nullable(),
  waitEvent: z.string().nullable(),
  /** Looks that were really taken, and the time between the first and the last. */
  samples: z.number().int().positive(),
  windowSeconds: z.number().nonnegative(),
  /** Sessions in this wait, of all looks together. */
  observations: z.number().int().nonnegative(),
  averageSessions: z.number().nonnegative(),
  /** Of all observations. */
  percent: z.number().min(0).max(100),
  /** Different sessions that were seen in it. */
  distinctSessions: z.number().int().nonnegative(),
  /** The statement seen most often in it. */
  query: z.string().nullable(),
});
export type WaitProfileRow = z.infer<typeof waitProfileRowSchema>;

export const postgresWaitProfileRows = defineRows({ id: "postgres-wait-profile", row: waitProfileRowSchema });
