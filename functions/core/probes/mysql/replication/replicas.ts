import * as z from "zod";
import type { ServerInfo } from "../../../ports.ts";
import { defineProbe } from "../../define.ts";
import { performanceSchemaGrant, processGrant, versionIsAtLeast } from "../sight.ts";

/** P31: one row for each replica, or other reader of the binary log, that is connected to this server. */
export const mysqlConnectedReplicaRowSchema = z.object({
  connectionId: z.number().int(),
  user: z.string().nullable(),
  /** Without its port. */
  client: z.string().nullable(),
  gtid: z.boolean(),
  state: z.string().nullable(),
  /** Everything written so far was sent to it; null when the state does not say. It may still have to apply it. */
  everythingSent: z.boolean().nullable(),
  connectedSeconds: z.number().nonnegative().nullable(),
});
export type MysqlConnectedReplicaRow = z.infer<typeof mysqlConnectedReplicaRowSchema>;

const rowSchema = z.object({
  id: z.coerce.number(),
  user_name: z.string().nullable(),
  host: z.string().nullable(),
  command: z.string(),
  state: z.string().nullable(),
  seconds: z.coerce.number().nullable(),
});

export const mysqlReplicationReplicas = defineProbe({
  id: "mysql-replication-replicas",
  spec: ["P31"],
  title: "Which replicas read this server's binary log now?",
  engines: ["mysql", "mariadb"],
  tier: "performance",
  cost: "One pass over the session list; linear in the connections.",
  needs: [processGrant, performanceSchemaGrant],
  row: mysqlConnectedReplicaRowSchema,
  maxRows: 50,
  source: "https://dev.mysql.com/doc/refman/8.4/en/source-thread-states.html",
  statements: ({ server }) => [{ sql: sightSql }, { sql: dumpsSql(server) }],
  read: ([, rows = []]): MysqlConnectedReplicaRow[] => z.array(rowSchema).parse(rows).map(replicaOf),
});

/** A handful of rows that are refused without PROCESS: the session list would then hold one's own sessions only. */
const sightSql = "SELECT COUNT(*) AS seen FROM information_schema.INNODB_CMP";

function dumpsSql(server: ServerInfo): string {
  const from = (list: string): string => `
    SELECT ID AS id, USER AS user_name, HOST AS host, COMMAND AS command, STATE AS state, TIME AS seconds
    FROM ${list} WHERE COMMAND LIKE 'Binlog Dump%'`;
  const classic = from("information_schema.PROCESSLIST");
  // See processlistSql of mysql-snapshot-sql.ts for why.
  return server.engine === "mysql" && versionIsAtLeast(server, [8, 0, 22])
    ? `${from("performance_schema.processlist")} UNION ALL ${classic} AND @@performance_schema = 0 LIMIT 200`
    : `${classic} LIMIT 200`;
}

function replicaOf(row: z.infer<typeof rowSchema>): MysqlConnectedReplicaRow {
  const state = row.state || null;
  return {
    connectionId: row.id,
    user: row.user_name,
    client: row.host?.replace(/:\d+$/, "") || null,
    gtid: /gtid/i.test(row.command),
    state,
    everythingSent: state === null ? null : /has sent all binlog/i.test(state),
    connectedSeconds: row.seconds,
  };
}
