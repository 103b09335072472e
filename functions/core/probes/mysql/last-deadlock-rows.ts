import * as z from "zod";
import { defineRows } from "../define-rows.ts";

const lockSchema = z.object({
  table: z.string(),
  index: z.string().nullable(),
  page: z.string().nullable(),
  mode: z.string(),
});

/** P29: the last deadlock since the server's start, if there was one. */
export const lastDeadlockRowSchema = z.object({
  at: z.string().nullable(),
  ageSeconds: z.number().nonnegative().nullable(),
  /** Null: not counted by this server. */
  deadlocksSinceStart: z.number().nonnegative().nullable(),
  uptimeSeconds: z.number().nonnegative(),
  /** Between two readings; null: not counted, or restarted in between. Absent from evidence of before there were two. */
  now: z
    .object({ deadlocks: z.number().nonnegative(), intervalSeconds: z.number().positive() })
    .nullable()
    .exactOptional(),
  tables: z.array(z.string()),
  transactions: z.array(
    z.object({
      /** As InnoDB numbers them; no order of time. */
      number: z.number().int(),
      transactionId: z.string(),
      sessionId: z.number().int().nullable(),
      user: z.string().nullable(),
      client: z.string().nullable(),
      activeSeconds: z.number().nonnegative().nullable(),
      rowsModified: z.number().nonnegative(),
      query: z.string().nullable(),
      rolledBack: z.boolean(),
      holds: z.array(lockSchema),
      waitsFor: z.array(lockSchema),
    }),
  ),
  /** The server's text ended early: a transaction or who was rolled back may be missing. */
  incomplete: z.boolean(),
});
export type LastDeadlockRow = z.infer<typeof lastDeadlockRowSchema>;

export const mysqlLastDeadlockRows = defineRows({ id: "mysql-last-deadlock", row: lastDeadlockRowSchema });
