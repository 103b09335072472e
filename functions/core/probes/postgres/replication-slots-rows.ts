import * as z from "zod";
import { defineRows } from "../define-rows.ts";

/** One replication slot; the one that retains most WAL first. */
export const replicationSlotRowSchema = z.object({
  slot: z.string(),
  kind: z.enum(["physical", "logical"]),
  plugin: z.string().nullable(),
  database: z.string().nullable(),
  active: z.boolean(),
  activePid: z.number().int().nullable(),
  temporary: z.boolean(),
  /** WAL on disk for its sake; null for a slot that never was used, and where the server does not tell its position. */
  retainedBytes: z.number().nonnegative().nullable(),
  /** Logical: what its consumer has not confirmed yet. */
  unconfirmedBytes: z.number().nonnegative().nullable(),
  /** reserved, extended, unreserved or lost: the last one can never be used again. */
  walStatus: z.string().nullable(),
  /** WAL that may still be written before it is in danger; null: no limit is set, the disk is the limit. */
  safeWalBytes: z.number().nullable(),
  /** max_slot_wal_keep_size; null: unlimited. */
  keepLimitBytes: z.number().nonnegative().nullable(),
  /** Since nobody uses it (PostgreSQL 17); null: in use, or not known. */
  inactiveSeconds: z.number().nonnegative().nullable(),
  /** Why it was invalidated (PostgreSQL 17). */
  invalidationReason: z.string().nullable(),
  xminAge: z.number().int().nonnegative().nullable(),
  catalogXminAge: z.number().int().nonnegative().nullable(),
});
export type ReplicationSlotRow = z.infer<typeof replicationSlotRowSchema>;

export const postgresReplicationSlotsRows = defineRows({
  id: "postgres-replication-slots",
  row: replicationSlotRowSchema,
});
