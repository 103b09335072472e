import * as z from "zod";
import { auroraReplicaOf } from "../../aurora-replica.ts";
import { defineProbe } from "../../define.ts";
import { type AuroraMysqlReplicaRow, mysqlReplicationAuroraRows } from "./aurora-rows.ts";

const number = z.coerce.number();
const answerSchema = z.object({
  server_id: z.string(),
  session_id: z.string().nullable(),
  lag_ms: number.nullable(),
  cpu: number.nullable(),
  update_seconds: number.nullable(),
  is_current: number.nullable(),
});

/** From documentation: no Aurora was at hand. The session's time zone is UTC. */
const sql = `
  SELECT SERVER_ID AS server_id, SESSION_ID AS session_id, REPLICA_LAG_IN_MILLISECONDS AS lag_ms, CPU AS cpu,
    TIMESTAMPDIFF(MICROSECOND, LAST_UPDATE_TIMESTAMP, NOW(6)) / 1000000 AS update_seconds, IS_CURRENT AS is_current
  FROM information_schema.replica_host_status LIMIT 100`;

export const mysqlReplicationAurora = defineProbe({
  ...mysqlReplicationAuroraRows,
  spec: ["P31"],
  title: "How far behind are the readers of this Aurora cluster?",
  engines: ["mysql"],
  tier: "performance",
  cost: "One row for each instance of the cluster; constant.",
  needs: [],
  maxRows: 16,
  source: "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/auroramysql-reference-istables.html",
  statements: ({ target }) => (target.flavour === "aurora" ? [{ sql }] : []),
  read: ([instances = []]): AuroraMysqlReplicaRow[] =>
    z
      .array(answerSchema)
      .parse(instances)
      .map((row) => ({
        ...auroraReplicaOf(row),
        cpuPercent: row.cpu === null || row.cpu < 0 ? null : row.cpu,
        current: row.is_current !== 0,
      }))
      .sort((a, b) => (b.lagMs ?? -1) - (a.lagMs ?? -1)),
});
