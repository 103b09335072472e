import * as z from "zod";
import { defineRows } from "../define-rows.ts";

/** P10: one row for each (index, problem), the most certain problems first, then the largest indexes. */
export const postgresIndexRowSchema = z.object({
  schema: z.string(),
  table: z.string(),
  index: z.string(),
  /**
   * `duplicate`: another index has the same columns, operator classes, order, expressions and predicate.
   * `redundant-prefix`: its columns are the leading ones of a wider index. `rarely-used`: scanned, but less often than
   * thresholds.rareIndexScans. Indexes that enforce or back something are never called unused.
   */
  problem: z.enum(["invalid", "duplicate", "redundant-prefix", "unused", "rarely-used"]),
  /** The index that does the same work. */
  coveredBy: z.string().nullable(),
  unique: z.boolean(),
  /** Makes it again; null while its table is locked exclusively, because asking would wait. */
  definition: z.string().nullable(),
  /** Of all partitions; as of the last vacuum or analyze where the index is locked or partitioned. */
  sizeBytes: z.number(),
  /** On this server only: replicas count their own. */
  scans: z.number(),
  /** Since PostgreSQL 16. */
  lastScanAt: z.string().nullable(),
  tableRows: z.number(),
  /** Rows inserted, updated and deleted since the same moment: what keeping the index costs. */
  tableWrites: z.number(),
  /** Invalid only because a CREATE INDEX or REINDEX is still at work. */
  building: z.boolean(),
  /** When scans were last counted from zero; null when they never were. */
  statsSinceAt: z.string().nullable(),
  statsAgeSeconds: z.number().nullable(),
  /**
   * Since the checkpointer began: a crash throws all counters away, restarts it, and leaves the server's own start as it
   * was. Null where it is not seen, as on Aurora, and in older evidence.
   */
  checkpointerSeconds: z.number().nullable().default(null),
  /** An unused one: the foreign key that no index sure to stay serves beside it. Absent in older evidence. */
  onlyForKey: z.string().nullable().default(null),
  /** Who may change it; null where older evidence does not say. */
  owner: z.string().nullable().default(null),
  /** What the numbers cannot know. */
  caveat: z.string().nullable(),
});
export type PostgresIndexRow = z.infer<typeof postgresIndexRowSchema>;

export const postgresIndexesRows = defineRows({ id: "postgres-indexes", row: postgresIndexRowSchema });
