import { calmRds } from "../support/outside/calm.ts";
import { type Curve, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, loadOf, nightlyBackup, told } from "../support/outside/described.ts";
import { mariadbErrorLine, mysqlErrorLog } from "../support/outside/mysql-log.ts";

const [source, replica] = ["erp-main", "erp-dump"];
const like = { Engine: "mariadb", EngineVersion: "10.11.9", DBInstanceClass: "db.m6g.large" };
const calm = { engine: "mariadb", vcpus: 2, memoryGib: 8, freeGib: 88 } as const;

/** Inside so many minutes from a moment of each day on, told from the last. */
function nightly(began: number, lasts: number, inside: number, outside: Curve): Curve {
  return (now) => ((((began - now) % 1440) + 1440) % 1440 < lasts ? inside : outside(now));
}

export const scenario = defineOutside({
  engine: "mariadb",
  title:
    "Nothing: the backup job stops replication on the replica for a consistent dump and starts it again, as each night; the replica has caught up",
  world: (dice) => {
    const began = dice.number(74, 78);
    const stopped = 38;
    const lag: Curve = (now) => {
      const since = (((began - now) % 1440) + 1440) % 1440;
      if (since < stopped) return -1;
      // What 38 minutes wrote is applied within 12.
      return since < stopped + 12 ? stopped * 60 * (1 - (since - stopped) / 12) : 0;
    };
    const busy = (inside: number, outside: Curve) => nightly(began + 0, stopped, inside, outside);
    const mine = withDays(calmRds({ ...calm, connections: 9, cpu: 11, iops: 190 }));
    return {
      instances: [
        instanceOf(replica, {
          ...like,
          ReadReplicaSourceDBInstanceIdentifier: source,
          StatusInfos: [{ StatusType: "read replication", Normal: true, Status: "replicating" }],
          BackupRetentionPeriod: 0,
        }),
        instanceOf(source, { ...like, MultiAZ: true, ReadReplicaDBInstanceIdentifiers: [replica] }),
      ],
      metrics: {
        ...mine,
        ReplicaLag: Object.assign(lag, { rough: 0 }),
        ReadIOPS: busy(940, usual(76)),
        ReadThroughput: busy(61e6, usual(1.4e6)),
        CPUUtilization: busy(44, usual(11)),
        NetworkTransmitThroughput: busy(39e6, usual(0.3e6)),
        [`${source}/CPUUtilization`]: usual(23),
        [`${source}/WriteIOPS`]: usual(130),
        [`${source}/DatabaseConnections`]: usual(64),
      },
      events: [
        told(replica, began - stopped - 1, "read replica", "Replication for the Read Replica resumed."),
        told(replica, began - 1, "read replica", "Replication for the Read Replica was manually stopped."),
        ...nightlyBackup(source),
      ],
      changes: [],
      load: loadOf(
        { CPU: 0.2 },
        [
          {
            sql: "SELECT `id`, `updated_at` FROM `articles` WHERE `updated_at` > ? ORDER BY `id` LIMIT ?",
            waits: { CPU: 0.2 },
          },
        ],
        { search_sync: 0.2 },
      ),
      logs: [
        mysqlErrorLog(
          [
            mariadbErrorLine(
              began,
              88_121,
              "[Note] Slave SQL thread exiting, replication stopped in log 'mysql-bin-changelog.027711' at position 1820417, master: 10.4.2.17:3306",
            ),
            mariadbErrorLine(
              began,
              88_120,
              "[Note] Slave I/O thread exiting, read up to log 'mysql-bin-changelog.027711', position 1820417, master 10.4.2.17:3306",
            ),
            mariadbErrorLine(
              began - stopped,
              88_390,
              "[Note] Slave I/O thread: connected to master 'rdsrepladmin@10.4.2.17:3306',replication started in log 'mysql-bin-changelog.027711' at position 1820417",
            ),
          ],
          began - stopped,
        ),
      ],
      alarm: { ...above("ReplicaLag", 900, [1900, 1710, 1520], began - stopped - 4), state: "OK" },
      way: "probe-failed",
    };
  },
});
