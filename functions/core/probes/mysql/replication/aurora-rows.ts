import * as z from "zod";
import { defineRows } from "../../define-rows.ts";

/** P31: one instance of an Aurora MySQL cluster, as the one asked sees it. */
export const auroraMysqlReplicaRowSchema = z.object({
  server: z.string(),
  writer: z.boolean(),
  /** Null for the writer, and where it is not known. */
  lagMs: z.number().nonnegative().nullable(),
  cpuPercent: z.number().nonnegative().nullable(),
  /** Since the instance last reported. */
  lastUpdateSeconds: z.number().nonnegative().nullable(),
  /** False: the instance is gone or does not report. */
  current: z.boolean(),
});
export type AuroraMysqlReplicaRow = z.infer<typeof auroraMysqlReplicaRowSchema>;

export const mysqlReplicationAuroraRows = defineRows({
  id: "mysql-replication-aurora",
  row: auroraMysqlReplicaRowSchema,
});
