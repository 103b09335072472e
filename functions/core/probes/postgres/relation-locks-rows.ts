import * as z from "zod";
import { defineRows } from "../define-rows.ts";

const count = z.number().int().nonnegative();

/** A table whose partitions and indexes one statement locks by the dozen. */
export const relationLocksRowSchema = z.object({
  /** The root of its partitions. */
  table: z.string(),
  /** Locked in one moment: the tables among them, and their indexes. */
  tables: count,
  indexes: count,
  sessions: count,
  /** Relations that one session has locked there, at most. */
  mostPerSession: count,
  /** Locks that found no fast-path slot and went through the shared lock table. */
  throughLockTable: count,
});
export type RelationLocksRow = z.infer<typeof relationLocksRowSchema>;

export const postgresRelationLocksRows = defineRows({
  id: "postgres-relation-locks",
  row: relationLocksRowSchema,
});
