import * as z from "zod";
import { defineRows } from "../../define-rows.ts";

export const tableRanks = [
  "sequential-scans-now",
  "bloat",
  "dead-rows",
  "changed-since-analyze",
  "sequential-scans",
  "size",
] as const;
export type TableRank = (typeof tableRanks)[number];

const ago = z.number().nullable();
const measure = z.number().nonnegative();

/** One table of the connected database; the most conspicuous first. */
export const tableRowSchema = z.object({
  schema: z.string(),
  table: z.string(),
  kind: z.enum(["table", "materialized-view", "catalog", "toast"]),
  /** Who may vacuum and analyze it; absent from older evidence. */
  owner: z.string().nullable().default(null),
  /** Of a TOAST table: the table whose values it keeps, as a statement names it. */
  toastOf: z.string().nullable().default(null),
  rankedBy: z.array(z.enum(tableRanks)),
  /** Main fork as of the last vacuum or analyze. */
  bytes: measure,
  /**
   * Only of one that was never vacuumed or analyzed since it was made, emptied or taken over by pg_upgrade, so that its size
   * is not known: pages of it that were asked for since statistics began.
   */
  uncountedPages: measure.exactOptional(),
  indexBytes: measure,
  indexes: z.number().int().nonnegative(),
  liveRows: measure,
  deadRows: measure,
  /** Of live and dead rows together; null without any. */
  deadPercent: measure.nullable(),
  autovacuumEnabled: z.boolean(),
  /** Autovacuum comes when there are more dead rows than this. */
  vacuumAtDeadRows: measure,
  changedSinceAnalyze: measure,
  analyzeAtChangedRows: measure,
  /** Seconds ago; null: never since statistics were reset. */
  lastVacuumSeconds: ago,
  lastAutovacuumSeconds: ago,
  lastAnalyzeSeconds: ago,
  lastAutoanalyzeSeconds: ago,
  /** Between two readings; null when the table was not in the first one. */
  now: z.object({
    intervalSeconds: measure,
    seqScansPerSecond: measure.nullable(),
    seqRowsPerSecond: measure.nullable(),
  }),
  /** Since statistics were reset. */
  sinceReset: z.object({
    seqScans: measure,
    seqRows: measure,
    rowsPerSeqScan: measure.nullable(),
    indexScans: measure,
  }),
  bloat: z
    .object({
      bytes: measure,
      percent: measure,
      /** `types`: some columns without statistics; the truth is at least as much. */
      basis: z.enum(["statistics", "types"]),
    })
    .nullable(),
  /** Why there is no estimate, and what would give one; null when there is one. */
  bloatUnavailable: z.string().nullable(),
});
export type TableRow = z.infer<typeof tableRowSchema>;

export const postgresTablesRows = defineRows({ id: "postgres-tables", row: tableRowSchema });
