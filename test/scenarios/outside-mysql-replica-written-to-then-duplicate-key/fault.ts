import { calmRds } from "../support/outside/calm.ts";
import { even, turns, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { ago, below, instanceOf, loadOf, nightlyBackup, told } from "../support/outside/described.ts";
import { mysqlErrorLine, mysqlErrorLog } from "../support/outside/mysql-log.ts";

const [source, replica] = ["rewards-main", "rewards-ro"];
const like = {
  Engine: "mysql",
  EngineVersion: "8.0.36",
  DBInstanceClass: "db.m6g.xlarge",
  AllocatedStorage: 400,
  Iops: 12_000,
  StorageThroughput: 500,
};
const calm = { engine: "mysql", vcpus: 4, memoryGib: 16, freeGib: 190 } as const;
const reason =
  "Could not execute Write_rows event on table rewards.loyalty_points; Duplicate entry '8820417' for key 'loyalty_points.PRIMARY', Error_code: 1062; handler error HA_ERR_FOUND_DUPP_KEY; the event's master log mysql-bin-changelog.084213, end_log_pos 55190421";

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "The replica was made writable three days ago and somebody wrote to it: a row of the source meets the same key there, and replication has stopped",
  world: (dice) => {
    const since = dice.number(46, 52);
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
              Message: `Read Replica Replication Error - SQLError: 1062, reason: ${reason}`,
            },
          ],
          BackupRetentionPeriod: 0,
        }),
        instanceOf(source, { ...like, MultiAZ: true, ReadReplicaDBInstanceIdentifiers: [replica] }),
      ],
      metrics: {
        ...withDays(calmRds({ ...calm, connections: 66, cpu: 29, iops: 800 })),
        WriteIOPS: turns(usual(480), since, 22),
        WriteThroughput: turns(usual(9.8e6), since, 0.5e6),
        ReplicaLag: even(turns(usual(0), since, -1)),
        [`${source}/CPUUtilization`]: usual(34),
        [`${source}/WriteIOPS`]: usual(540),
        [`${source}/DatabaseConnections`]: usual(171),
        [`${source}/BinLogDiskUsage`]: (now) => (now > since ? 0.9 : 0.9 + 0.03 * (since - now)) * 1024 ** 3,
      },
      events: [
        told(replica, since - 1, "read replica", "Replication for the Read Replica has stopped."),
        ...nightlyBackup(source),
      ],
      changes: [
        {
          at: ago(60 * 24 * 3 + 95).toISOString(),
          source: "cloudtrail",
          subject: `${replica}-params`,
          what: "ModifyDBParameterGroup",
          by: "k.baumann",
          detail: "read_only=0 (immediate)",
          error: null,
        },
      ],
      load: loadOf(
        { CPU: 0.8, "wait/io/table/sql/handler": 0.3 },
        [
          {
            sql: "SELECT SUM(`points`) FROM `loyalty_points` WHERE `member_id` = ?",
            waits: { CPU: 0.5, "wait/io/table/sql/handler": 0.2 },
          },
        ],
        { rewards_read: 0.9, reporting: 0.2 },
      ),
      logs: [
        mysqlErrorLog(
          [
            mysqlErrorLine(
              since + 300,
              21_004,
              "[Warning] [MY-010055] [Server] IP address '10.4.61.7' could not be resolved: Name or service not known",
            ),
            mysqlErrorLine(
              since,
              9,
              `[ERROR] [MY-010584] [Repl] Replica SQL for channel '': Worker 2 failed executing transaction 'ANONYMOUS' at source log mysql-bin-changelog.084213, end_log_pos 55190421; ${reason}, Error_code: MY-001062`,
            ),
            mysqlErrorLine(
              since,
              8,
              "[ERROR] [MY-010586] [Repl] Error running query, replica SQL thread aborted. Fix the problem, and restart the replica SQL thread with \"START REPLICA\". We stopped at log 'mysql-bin-changelog.084213' position 55188702.",
            ),
          ],
          since,
        ),
      ],
      alarm: below("ReplicaLag", 0, [-1, -1, -1], since - 5),
      way: "probe-failed",
    };
  },
});
