import * as z from "zod";
import { defineProbe, type Need, type ProbeContext } from "../../define.ts";
import { versionIsAtLeast } from "../sight.ts";
import { type MysqlReplicationRow, mariadbReplicationRows } from "./replication-rows.ts";
import { readReplicaStatus } from "./status.ts";

/** https://mariadb.com/kb/en/grant/#slave-monitor: REPLICATION CLIENT (BINLOG MONITOR) does not do since 10.5. */
const slaveMonitor: Need = {
  kind: "grant",
  name: "SLAVE MONITOR (not on RDS)",
  enable: "GRANT SLAVE MONITOR ON *.* TO {user}",
  only: "self-managed",
};
/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/mysql-rds-replica-status.html */
const rdsReplicaStatus: Need = {
  kind: "grant",
  name: "EXECUTE on mysql.rds_replica_status (RDS)",
  enable: "GRANT EXECUTE ON PROCEDURE mysql.rds_replica_status TO {user}",
  only: "rds",
};

const appliedSchema = z.object({ applied: z.string() });

export const mariadbReplication = defineProbe({
  ...mariadbReplicationRows,
  spec: ["P31"],
  title: "Does it still replicate from its source, how far behind, and what went wrong?",
  engines: ["mariadb"],
  tier: "immediate",
  last: true,
  cost: "One row for each connection to a source; constant.",
  needs: [slaveMonitor, rdsReplicaStatus],
  maxRows: 16,
  source: "https://mariadb.com/kb/en/show-replica-status/",
  // The status first: what is applied between the two would else count as not applied.
  statements: (context) => [{ sql: statusSql(context) }],
  follow: ([status = []]) =>
    status.length === 0 ? [] : [{ sql: "SELECT @@GLOBAL.gtid_slave_pos AS applied" }],
  read: ([status = [], applied = []], { settings }): MysqlReplicationRow[] =>
    readReplicaStatus(status, {
      mariadbApplied: appliedSchema.safeParse(applied[0]).data?.applied ?? null,
      raw: settings.probing.queryText === "raw",
    }),
});

/** RDS gives nobody the privilege for SHOW, and a procedure instead; it knows the one connection without a name. */
function statusSql({ target, server }: ProbeContext): string {
  return target.flavour === "rds" && versionIsAtLeast(server, [10, 5])
    ? "CALL mysql.rds_replica_status"
    : "SHOW ALL SLAVES STATUS";
}
