import * as z from "zod";
import { defineRows } from "../define-rows.ts";

/** One instance of an Aurora cluster, as the one asked sees it. */
export const auroraReplicaRowSchema = z.object({
  server: z.string(),
  writer: z.boolean(),
  /** Null for the writer. */
  lagMs: z.number().nonnegative().nullable(),
  /** Of the storage daemon, not of the whole instance. */
  storageDaemonCpuPercent: z.number().nonnegative().nullable(),
  /** Since the instance last reported; null for the one that answers. */
  lastUpdateSeconds: z.number().nonnegative().nullable(),
  /** Code of the last replication error. */
  lastTransportError: z.string().nullable(),
});
export type AuroraReplicaRow = z.infer<typeof auroraReplicaRowSchema>;

export const postgresReplicationAuroraRows = defineRows({
  id: "postgres-replication-aurora",
  row: auroraReplicaRowSchema,
});
