import * as z from "zod";
import { auroraReplica } from "../../aurora-replica-rows.ts";
import { defineRows } from "../../define-rows.ts";

/** P31: one instance of an Aurora MySQL cluster, as the one asked sees it. */
export const auroraMysqlReplicaRowSchema = z.object({
  ...auroraReplica,
  cpuPercent: z.number().nonnegative().nullable(),
  /** False: the instance is gone or does not report. */
  current: z.boolean(),
});
export type AuroraMysqlReplicaRow = z.infer<typeof auroraMysqlReplicaRowSchema>;

export const mysqlReplicationAuroraRows = defineRows({
  id: "mysql-replication-aurora",
  row: auroraMysqlReplicaRowSchema,
});
