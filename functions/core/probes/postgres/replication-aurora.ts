import * as z from "zod";
import { auroraReplicaOf } from "../aurora-replica.ts";
import { defineProbe } from "../define.ts";
import { type AuroraReplicaRow, postgresReplicationAuroraRows } from "./replication-aurora-rows.ts";

const answerSchema = z.object({
  server_id: z.string(),
  session_id: z.string().nullable(),
  lag_ms: z.number().nullable(),
  cpu: z.number().nullable(),
  update_seconds: z.number().nullable(),
  transport_error: z.string().nullable(),
});

/** From documentation: no Aurora was at hand. */
const sql = `
  select server_id::text, session_id::text, replica_lag_in_msec::float8 as lag_ms, cpu::float8,
    extract(epoch from clock_timestamp() - last_update_timestamp::timestamptz)::float8 as update_seconds,
    nullif(last_transport_error::text, '0') as transport_error
  from aurora_replica_status()
  order by lag_ms desc nulls last, server_id
  limit 100`;

export const postgresReplicationAurora = defineProbe({
  ...postgresReplicationAuroraRows,
  spec: ["P12"],
  title: "How far behind are the readers of this Aurora cluster?",
  engines: ["postgres"],
  tier: "performance",
  cost: "One row for each instance of the cluster; constant.",
  needs: [],
  maxRows: 16,
  source: "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora_replica_status.html",
  statements: ({ target }) => (target.flavour === "aurora" ? [{ sql }] : []),
  read: ([instances = []]): AuroraReplicaRow[] =>
    z
      .array(answerSchema)
      .parse(instances)
      .map((row) => ({
        ...auroraReplicaOf(row),
        storageDaemonCpuPercent: row.cpu,
        lastTransportError: row.transport_error,
      })),
});
