import * as z from "zod";
import { defineRows } from "../define-rows.ts";

const lag = z.number().nonnegative().nullable();

/** One receiver that this server feeds; the furthest behind first. */
export const replicationRowSchema = z.object({
  pid: z.number().int(),
  application: z.string().nullable(),
  user: z.string().nullable(),
  client: z.string().nullable(),
  slot: z.string().nullable(),
  kind: z.enum(["physical", "logical"]),
  /** streaming, catchup, startup, backup, stopping. */
  state: z.string().nullable(),
  syncState: z.string().nullable(),
  /** Between what this server has written, or received as a standby, and what the receiver has. */
  sentLagBytes: lag,
  flushLagBytes: lag,
  replayLagBytes: lag,
  /** Measured on recent WAL; null also when nothing was written lately: an idle stream has no lag. */
  writeLagSeconds: lag,
  flushLagSeconds: lag,
  replayLagSeconds: lag,
  /** Since the receiver last said anything; a silent one is a dying one. */
  lastReplySeconds: lag,
  /** hot_standby_feedback: how far back it makes this server keep rows. */
  xminAge: z.number().int().nonnegative().nullable(),
});
export type ReplicationRow = z.infer<typeof replicationRowSchema>;

export const postgresReplicationRows = defineRows({ id: "postgres-replication", row: replicationRowSchema });
