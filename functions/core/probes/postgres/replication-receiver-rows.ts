import * as z from "zod";
import { defineRows } from "../define-rows.ts";

/** Queries cancelled because replay could not wait, of all databases, by what they were in the way of. */
const conflictsSchema = z.object({
  /** Something that the primary locked whole: dropped, emptied, rewritten, altered. */
  lock: z.number(),
  /** Rows that were removed on the primary. */
  snapshot: z.number(),
  bufferPin: z.number(),
  deadlock: z.number(),
  tablespace: z.number(),
});
export type ReplayConflicts = z.infer<typeof conflictsSchema>;

/** What this standby receives and replays. One row on a standby, none on a primary and on Aurora. */
export const replicationReceiverRowSchema = z.object({
  /** Status of the WAL receiver; null: there is none, so nothing new arrives by streaming. */
  status: z.string().nullable(),
  receiving: z.boolean(),
  primaryHost: z.string().nullable(),
  slot: z.string().nullable(),
  /** Received but not replayed. */
  replayLagBytes: z.number().nonnegative().nullable(),
  /** Written by the sender, as it last said, but not received. */
  receiveLagBytes: z.number().nonnegative().nullable(),
  /**
   * How long it takes until what arrives is replayed. 0 when all of it is: neither an idle primary nor a long transaction
   * is lag. Null when nothing is being received and nothing replayed: nobody here knows then how far the primary is.
   */
  lagSeconds: z.number().nonnegative().nullable(),
  /** Age of the last transaction replayed; grows on an idle primary too. */
  lastReplayedTransactionSeconds: z.number().nonnegative().nullable(),
  /**
   * Bytes replayed between two readings a second apart; without a receiver they come from the archive. Null where
   * older evidence does not say.
   */
  replayedBytes: z.number().nonnegative().nullable().default(null),
  lastMessageSeconds: z.number().nonnegative().nullable(),
  replayPaused: z.boolean(),
  /** recovery_min_apply_delay and wal_receiver_timeout; null where older evidence does not say. */
  applyDelaySeconds: z.number().nullable().default(null),
  timeoutSeconds: z.number().nullable().default(null),
  hotStandbyFeedback: z.boolean(),
  conflictsSinceReset: conflictsSchema,
  /** Between two readings a second apart; null where statistics were reset between them, or older evidence does not say. */
  conflictsNow: conflictsSchema.nullable().default(null),
});
export type ReplicationReceiverRow = z.infer<typeof replicationReceiverRowSchema>;

export const postgresReplicationReceiverRows = defineRows({
  id: "postgres-replication-receiver",
  row: replicationReceiverRowSchema,
});
