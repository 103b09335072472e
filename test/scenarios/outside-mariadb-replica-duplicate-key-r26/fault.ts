import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { turns, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { ago, instanceOf, nightlyBackup, notice, told } from "../support/outside/described.ts";
import { mariadbErrorLine, mysqlErrorLog } from "../support/outside/mysql-log.ts";

const [source, replica] = ["loyalty-prod", "loyalty-read"];
const like = {
  Engine: "mariadb",
  EngineVersion: "10.11.9",
  DBInstanceClass: "db.m6g.large",
  AllocatedStorage: 200,
  PerformanceInsightsEnabled: false,
};
const calm = { engine: "mariadb", vcpus: 2, memoryGib: 8, freeGib: 91 } as const;
const reason =
  "Could not execute Write_rows_v1 event on table loyalty.coupon_uses; Duplicate entry '9182734' for key 'PRIMARY', Error_code: 1062; handler error HA_ERR_FOUND_DUPP_KEY; the event's master log mysql-bin-changelog.041877, end_log_pos 51320";

export const scenario = defineOutside({
  engine: "mariadb",
  title:
    "Since yesterday the replica lets itself be written to, a script did, and now the source's row with the same key stops its replication",
  world: (dice) => {
    const stopped = dice.number(7, 9);
    const event = told(
      replica,
      stopped - 1,
      "read replica",
      `Read Replica Replication Error - SQLError: 1062, reason: ${reason}`,
    );
    const ofSource = withDays(withoutInsights(calmRds({ ...calm, connections: 88, cpu: 31, iops: 420 })));
    return {
      instances: [
        instanceOf(replica, {
          ...like,
          ReadReplicaSourceDBInstanceIdentifier: source,
          BackupRetentionPeriod: 0,
          StatusInfos: [
            {
              StatusType: "read replication",
              Normal: false,
              Status: "error",
              Message: `Read Replica Replication Error - SQLError: 1062, reason: ${reason}`,
            },
          ],
        }),
        instanceOf(source, { ...like, MultiAZ: true, ReadReplicaDBInstanceIdentifiers: [replica] }),
      ],
      metrics: {
        ...withDays(withoutInsights(calmRds({ ...calm, connections: 41, cpu: 22, iops: 330 }))),
        ReplicaLag: turns(() => 0, stopped, -1),
        WriteIOPS: turns(usual(198), stopped, 31),
        WriteThroughput: turns(usual(4.1e6), stopped, 0.6e6),
        ...Object.fromEntries(Object.entries(ofSource).map(([name, curve]) => [`${source}/${name}`, curve])),
      },
      events: [event, ...nightlyBackup(source)],
      load: null,
      logs: [
        mysqlErrorLog(
          [
            mariadbErrorLine(
              340,
              88_121,
              "[Warning] Aborted connection 88121 to db: 'loyalty' user: 'loyalty_ro' host: '10.7.1.44' (Got timeout reading communication packets)",
            ),
            mariadbErrorLine(
              stopped,
              12,
              `[ERROR] Slave SQL: ${reason}, Gtid 0-1881203-77120933, Internal MariaDB error code: 1062`,
            ),
            mariadbErrorLine(
              stopped,
              12,
              "[Warning] Slave: Duplicate entry '9182734' for key 'PRIMARY' Error_code: 1062",
            ),
            mariadbErrorLine(
              stopped,
              12,
              "[ERROR] Error running query, slave SQL thread aborted. Fix the problem, and restart the slave SQL thread with \"SLAVE START\". We stopped at log 'mysql-bin-changelog.041877' position 50986; GTID position '0-1881203-77120932'",
            ),
            mariadbErrorLine(
              stopped,
              12,
              "[Note] Slave SQL thread exiting, replication stopped in log 'mysql-bin-changelog.041877' at position 50986; GTID position '0-1881203-77120932', master: 10.7.3.90:3306",
            ),
          ],
          stopped,
        ),
      ],
      changes: [
        {
          at: ago(1210).toISOString(),
          source: "cloudtrail",
          subject: `${replica}-params`,
          what: "ModifyDBParameterGroup",
          by: "m.keller",
          detail: `dBParameterGroupName=${replica}-params, parameters=[{"parameterName":"read_only","parameterValue":"0","applyMethod":"immediate"}]`,
          error: null,
        },
      ],
      notice: notice("RDS-EVENT-0045", event),
      way: "probe-failed",
    };
  },
});
