import * as z from "zod";
import { auroraReplica } from "../aurora-replica-rows.ts";
import { defineRows } from "../define-rows.ts";

/** One instance of an Aurora cluster, as the one asked sees it. */
export const auroraReplicaRowSchema = z.object({
  ...auroraReplica,
  /** Of the storage daemon, not of the whole instance. */
  storageDaemonCpuPercent: z.number().nonnegative().nullable(),
  /** Code of the last replication error. */
  lastTransportError: z.string().nullable(),
});
export type AuroraReplicaRow = z.infer<typeof auroraReplicaRowSchema>;

export const postgresReplicationAuroraRows = defineRows({
  id: "postgres-replication-aurora",
  row: auroraReplicaRowSchema,
});
