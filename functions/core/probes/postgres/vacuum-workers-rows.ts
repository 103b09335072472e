import * as z from "zod";
import { defineRows } from "../define-rows.ts";

/** Whether autovacuum has a worker left. One row. */
export const autovacuumWorkersRowSchema = z.object({
  enabled: z.boolean(),
  workersBusy: z.number().int().nonnegative(),
  workersMax: z.number().int().nonnegative(),
  /** Of the busy ones, to prevent wraparound. */
  wraparoundWorkers: z.number().int().nonnegative(),
  /** Waiting for a lock or for a pin on a page. */
  waitingWorkers: z.number().int().nonnegative(),
  longestSeconds: z.number().nonnegative().nullable(),
  longestWork: z.string().nullable(),
  naptimeSeconds: z.number(),
  /** Workers together sleep this long, each time they have spent the cost limit. */
  costDelayMs: z.number(),
  costLimit: z.number(),
  memoryBytes: z.number(),
});
export type AutovacuumWorkersRow = z.infer<typeof autovacuumWorkersRowSchema>;

export const postgresVacuumWorkersRows = defineRows({
  id: "postgres-vacuum-workers",
  row: autovacuumWorkersRowSchema,
});
