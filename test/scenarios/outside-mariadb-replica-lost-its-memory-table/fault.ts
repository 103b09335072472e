import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { gapped, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, ago, instanceOf, nightlyBackup, told } from "../support/outside/described.ts";
import { mariadbErrorLine, mysqlErrorLog } from "../support/outside/mysql-log.ts";

const [source, replica] = ["tickets-main", "tickets-reports"];
const like = {
  Engine: "mariadb",
  EngineVersion: "10.6.18",
  DBInstanceClass: "db.m6g.large",
  PerformanceInsightsEnabled: false,
};
const calm = { engine: "mariadb", memoryGib: 8, vcpus: 2 } as const;

export const scenario = defineOutside({
  engine: "mariadb",
  title:
    "The replica was rebooted for a parameter, its MEMORY table `seat_holds` came up empty, and the next update of the source finds no row there: replication has stopped (real: the guide's own warning, often asked)",
  world: (dice) => {
    const boot = dice.number(51, 57);
    const ofSource = withDays(
      withoutInsights(calmRds({ ...calm, freeGib: 96, connections: 88, cpu: 33, iops: 420 })),
    );
    const reason =
      "Could not execute Update_rows_v1 event on table tickets.seat_holds; Can't find record in 'seat_holds', Error_code: 1032; handler error HA_ERR_END_OF_FILE; the event's master log mysql-bin-changelog.091172, end_log_pos 4481207";
    return {
      instances: [
        instanceOf(replica, {
          ...like,
          ReadReplicaSourceDBInstanceIdentifier: source,
          StatusInfos: [
            {
              StatusType: "read replication",
              Normal: false,
              Status: "error",
              Message: `Read Replica Replication Error - SQL: 1032, reason: ${reason}`,
            },
          ],
          BackupRetentionPeriod: 0,
        }),
        instanceOf(source, { ...like, MultiAZ: true, ReadReplicaDBInstanceIdentifiers: [replica] }),
      ],
      metrics: {
        ...gapped(
          withDays(withoutInsights(calmRds({ ...calm, freeGib: 101, connections: 24, cpu: 41, iops: 380 }))),
          boot,
          boot - 2,
        ),
        ReplicaLag: (minutes) => (minutes > boot - 4 ? (usual(0.7)(minutes) ?? 0) : -1),
        ...Object.fromEntries(Object.entries(ofSource).map(([name, curve]) => [`${source}/${name}`, curve])),
      },
      events: [
        told(replica, boot - 5, "read replica", "Replication has stopped."),
        told(replica, boot - 2, "availability", "DB instance restarted"),
        told(replica, boot - 1, "availability", "DB instance shutdown"),
        ...nightlyBackup(source),
      ],
      changes: [
        {
          at: ago(boot).toISOString(),
          source: "cloudtrail",
          subject: replica,
          what: "RebootDBInstance",
          by: "bi-team",
          detail: `dBInstanceIdentifier=${replica}`,
          error: null,
        },
      ],
      logs: [
        mysqlErrorLog(
          [
            mariadbErrorLine(boot - 2, 0, "[Note] /rdsdbbin/mysql/bin/mariadbd: ready for connections."),
            mariadbErrorLine(
              boot - 3,
              11,
              "[Note] Slave SQL thread initialized, starting replication in log 'mysql-bin-changelog.091172' at position 4472110, relay log '/rdsdbdata/log/relaylog/relaylog.028114' position: 1041",
            ),
            mariadbErrorLine(
              boot - 4,
              11,
              `[ERROR] Slave SQL: ${reason}, Gtid 0-1704112-881204417, Internal MariaDB error code: 1032`,
            ),
            mariadbErrorLine(
              boot - 4,
              11,
              "[ERROR] Error running query, slave SQL thread aborted. Fix the problem, and restart the slave SQL thread with \"SLAVE START\". We stopped at log 'mysql-bin-changelog.091172' position 4480911",
            ),
          ],
          boot - 4,
        ),
      ],
      load: null,
      alarm: above("CPUUtilization", 40, [41.8, 42.3, 41.1], 19),
      way: "probe-failed",
    };
  },
});
