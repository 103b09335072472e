import * as z from "zod";
import { defineRows } from "../define-rows.ts";

/** A statement that ended between two readings and was not counted as executed once, or that left its transaction aborted. */
export const failingStatementRowSchema = z.object({
  user: z.string().nullable(),
  database: z.string().nullable(),
  /** Which sent it, a few; empty where none has a name, or older evidence does not say. */
  applications: z.array(z.string()).default([]),
  query: z.string().nullable(),
  /**
   * Idle sessions whose last statement it is; of `transaction`: transactions that were seen aborted by it; of `aborted`:
   * sessions.
   */
  sessions: z.number().int().positive(),
  /**
   * `parsing`: it was refused before it ran, as for a table that is not there. `transaction`: seen in the moments until
   * its client rolled back. `aborted`: the same, of what may have been sent behind the error, and refused for it.
   */
  failedAt: z.enum(["parsing", "execution", "transaction", "aborted"]),
});
export type FailingStatementRow = z.infer<typeof failingStatementRowSchema>;

export const postgresFailingStatementsRows = defineRows({
  id: "postgres-failing-statements",
  row: failingStatementRowSchema,
});
