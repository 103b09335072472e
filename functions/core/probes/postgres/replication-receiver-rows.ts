import * as z from "zod";
import { defineRows } from "../define-rows.ts";

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
   * 0 when all that was received is replayed: an idle primary is no lag. Null when nothing is being received,
   * because then nobody here knows how far the primary is.
   */
  lagSeconds: z.number().nonnegative().nullable(),
  /** Age of the last transaction replayed; grows on an idle primary too. */
  lastReplayedTransactionSeconds: z.number().nonnegative().nullable(),
  lastMessageSeconds: z.number().nonnegative().nullable(),
  replayPaused: z.boolean(),
  hotStandbyFeedback: z.boolean(),
  /** Queries cancelled because replay could not wait, since statistics were reset, of all databases. */
  conflictsSinceReset: z.object({
    lock: z.number(),
    snapshot: z.number(),
    bufferPin: z.number(),
    deadlock: z.number(),
    tablespace: z.number(),
  }),
});
export type ReplicationReceiverRow = z.infer<typeof replicationReceiverRowSchema>;

export const postgresReplicationReceiverRows = defineRows({
  id: "postgres-replication-receiver",
  row: replicationReceiverRowSchema,
});
