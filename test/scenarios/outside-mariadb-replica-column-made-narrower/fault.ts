import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { type Curve, moves, turns, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { ago, below, instanceOf, nightlyBackup, told } from "../support/outside/described.ts";
import { mariadbErrorLine, mysqlErrorLog } from "../support/outside/mysql-log.ts";

const [source, replica] = ["parcel-prod", "parcel-analytics"];
const gib = 1024 ** 3;
const like = {
  Engine: "mariadb",
  EngineVersion: "10.6.21",
  AllocatedStorage: 800,
  Iops: 12_000,
  StorageThroughput: 500,
  PerformanceInsightsEnabled: false,
};
const cannot =
  "Column 7 of table 'parcel.shipments' cannot be converted from type 'varchar(256 octets)' to type 'varchar(96 octets) character set utf8mb4'";

export const scenario = defineOutside({
  engine: "mariadb",
  title:
    "The replica was made writable two days ago and a column of shipments altered on it; now the source has widened that column, and the applier stops: the rows do not fit its table",
  world: (dice) => {
    const since = dice.number(33, 37);
    const calm = { engine: "mariadb", memoryGib: 32, vcpus: 4, freeGib: 318 } as const;
    const ofSource = {
      ...withDays(withoutInsights(calmRds({ ...calm, connections: 190, cpu: 37, iops: 1100 }))),
      BinLogDiskUsage: moves(0.4 * gib, 0.9 * gib, since),
    };
    const lag: Curve = Object.assign((minutes: number) => (minutes > since ? 0.3 : -1), { rough: 0 });
    return {
      instances: [
        instanceOf(replica, {
          ...like,
          DBInstanceClass: "db.r6g.xlarge",
          ReadReplicaSourceDBInstanceIdentifier: source,
          StatusInfos: [{ StatusType: "read replication", Normal: false, Status: "error", Message: cannot }],
          BackupRetentionPeriod: 0,
        }),
        instanceOf(source, {
          ...like,
          DBInstanceClass: "db.r6g.xlarge",
          MultiAZ: true,
          ReadReplicaDBInstanceIdentifiers: [replica],
        }),
      ],
      metrics: {
        ...withDays(withoutInsights(calmRds({ ...calm, connections: 27, cpu: 29, iops: 900 }))),
        WriteIOPS: turns(usual(540), since, 96),
        WriteThroughput: turns(usual(11e6), since, 2.1e6),
        ReplicaLag: lag,
        ...Object.fromEntries(Object.entries(ofSource).map(([name, curve]) => [`${source}/${name}`, curve])),
      },
      events: [
        told(replica, since - 1, "read replica", "Replication has stopped."),
        ...nightlyBackup(source),
      ],
      load: null,
      logs: [
        mysqlErrorLog(
          [
            mariadbErrorLine(
              since + 190,
              7715,
              "[Warning] Aborted connection 7715 to db: 'parcel' user: 'metabase' host: '10.9.2.31' (Got an error reading communication packets)",
            ),
            mariadbErrorLine(
              since,
              11,
              `[ERROR] Slave SQL: ${cannot}, Gtid 0-1318422170-90133817, Internal MariaDB error code: 1677`,
            ),
            mariadbErrorLine(
              since,
              11,
              "[ERROR] Error running query, slave SQL thread aborted. Fix the problem, and restart the slave SQL thread with \"SLAVE START\". We stopped at log 'mysql-bin-changelog.004417' position 61288113; GTID position '0-1318422170-90133816'",
            ),
            mariadbErrorLine(
              since,
              11,
              "[Note] Slave SQL thread exiting, replication stopped in log 'mysql-bin-changelog.004417' at position 61288113; GTID position '0-1318422170-90133816', master: 10.4.2.17:3306",
            ),
          ],
          since,
        ),
      ],
      changes: [
        {
          at: ago(2870).toISOString(),
          source: "cloudtrail",
          subject: `${replica}-params`,
          what: "ModifyDBParameterGroup",
          by: "d.farah",
          detail: `dBParameterGroupName=${replica}-params, parameters=[{"parameterName":"read_only","parameterValue":"0","applyMethod":"immediate"}]`,
          error: null,
        },
      ],
      alarm: below("ReplicaLag", 0, [-1, -1, -1], since - 4),
      way: "probe-failed",
    };
  },
});
