import * as z from "zod";
import { defineRows } from "../../define-rows.ts";

const count = z.number().nonnegative();

/** P28: what InnoDB's monitor says of the redo log and of threads that wait for a latch, at two moments. */
export const mysqlEngineStateRowSchema = z.object({
  intervalSeconds: count,
  /** Null on Aurora, which has no redo log of its own, and where the server does not say. */
  redo: z
    .object({
      /** All that may be written between two checkpoints; beyond it every write waits. */
      capacityBytes: z.number().positive(),
      /** Written since the last checkpoint, first and second. */
      ageBytes: z.tuple([count, count]),
      writtenPerSecond: count.nullable(),
      /** `innodb_redo_log_capacity` or `innodb_log_file_size`: what sets it here, and to what. */
      parameter: z.string(),
      parameterBytes: count,
    })
    .nullable(),
  ioCapacity: count.nullable(),
  adaptiveHashIndex: z.boolean().nullable(),
  /** MySQL only: MariaDB's monitor lists no latches. By the file that made the latch, both moments together. */
  latches: z.array(z.object({ madeIn: z.string(), waiters: count, longestSeconds: count })).nullable(),
  /** Transactions that wait for the AUTO-INC lock of a table, the later moment. */
  autoIncrementWaits: z.array(z.object({ table: z.string(), waiters: count })),
});
export type MysqlEngineStateRow = z.infer<typeof mysqlEngineStateRowSchema>;

export const mysqlEngineStateRows = defineRows({
  id: "mysql-engine-state",
  row: mysqlEngineStateRowSchema,
});
