import * as z from "zod";
import { defineRows } from "../define-rows.ts";

/** One maintenance command that is running; the longest first. */
export const maintenanceProgressRowSchema = z.object({
  command: z.enum(["vacuum", "analyze", "create-index", "reindex", "vacuum-full", "cluster", "base-backup"]),
  pid: z.number().int(),
  sessionKey: z.string().nullable(),
  /** Started by autovacuum. */
  automatic: z.boolean(),
  /** To prevent wraparound: not to be stopped, it would start again at once. */
  wraparound: z.boolean(),
  database: z.string().nullable(),
  /** Schema and name in the connected database, the oid elsewhere. */
  relation: z.string().nullable(),
  phase: z.string(),
  seconds: z.number().nonnegative().nullable(),
  /** Of this phase. */
  done: z.number().nonnegative().nullable(),
  total: z.number().nonnegative().nullable(),
  unit: z.enum(["blocks", "rows", "bytes", "sessions"]),
  percent: z.number().min(0).max(100).nullable(),
  waitEvent: z.string().nullable(),
  user: z.string().nullable(),
  application: z.string().nullable(),
});
export type MaintenanceProgressRow = z.infer<typeof maintenanceProgressRowSchema>;

export const postgresVacuumProgressRows = defineRows({
  id: "postgres-vacuum-progress",
  row: maintenanceProgressRowSchema,
});
