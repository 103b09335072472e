import { calmAurora, calmReader } from "../support/outside/calm.ts";
import { turns, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { ago, below, clusterOf, instanceOf, loadOf, told } from "../support/outside/described.ts";
import { mysqlErrorLine, mysqlErrorLog } from "../support/outside/mysql-log.ts";
import { between } from "../support/outside/recurring.ts";

const [writer, reader, cluster] = ["profile-2", "profile-1", "profile"];
const like = {
  Engine: "aurora-mysql",
  EngineVersion: "8.0.mysql_aurora.3.05.2",
  DBInstanceClass: "db.r6g.xlarge",
  DBClusterIdentifier: cluster,
};

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "Healthy: both members were enlarged by plan three hours ago with a wanted failover between; the cache is warm again and its alarm is OK",
  world: (dice) => {
    const switched = dice.number(178, 186);
    return {
      instances: [
        instanceOf(writer, { ...like, PromotionTier: 1 }),
        instanceOf(reader, { ...like, PromotionTier: 0 }),
      ],
      cluster: clusterOf(cluster, [writer, reader], {
        Engine: "aurora-mysql",
        EngineVersion: like.EngineVersion,
      }),
      metrics: {
        ...withDays(
          calmAurora({ engine: "mysql", vcpus: 4, memoryGib: 32, connections: 166, cpu: 26, iops: 600 }),
        ),
        ...calmReader(reader, 32),
        EngineUptime: (minutes) => (minutes > switched + 21 ? 30 * 86_400 : (switched + 21 - minutes) * 60),
        BufferCacheHitRatio: between(switched, switched - 22, 91.4, 99.8),
        CPUUtilization: turns(usual(41), switched, 26),
      },
      events: [
        told(
          reader,
          switched - 31,
          "configuration change",
          "Finished applying modification to DB instance class",
        ),
        told(reader, switched - 29, "availability", "DB instance restarted"),
        told(
          reader,
          switched - 22,
          "configuration change",
          "Applying modification to database instance class",
        ),
        told(cluster, switched - 1, "failover", "Completed failover to DB instance: profile-2", "cluster"),
        told(cluster, switched, "failover", "Started cross AZ failover to DB instance: profile-2", "cluster"),
        told(
          writer,
          switched + 19,
          "configuration change",
          "Finished applying modification to DB instance class",
        ),
        told(writer, switched + 21, "availability", "DB instance restarted"),
        told(
          writer,
          switched + 28,
          "configuration change",
          "Applying modification to database instance class",
        ),
      ].toSorted((a, b) => b.at.localeCompare(a.at)),
      load: loadOf(
        { CPU: 0.8, "wait/io/redo_log_flush": 0.12 },
        [
          { sql: "SELECT * FROM `profiles` WHERE `user_id` = ?", waits: { CPU: 0.5 } },
          {
            sql: "UPDATE `profiles` SET `seen_at` = ? WHERE `user_id` = ?",
            waits: { CPU: 0.1, "wait/io/redo_log_flush": 0.1 },
          },
        ],
        { profile_api: 0.9 },
      ),
      logs: [
        mysqlErrorLog(
          [
            mysqlErrorLine(
              95,
              2_204,
              "[Note] [MY-010914] [Server] Aborted connection 2204 to db: 'profile' user: 'profile_api' host: '10.4.33.9' (Got timeout reading communication packets).",
            ),
          ],
          95,
        ),
      ],
      changes: [
        {
          at: ago(switched - 23).toISOString(),
          source: "cloudtrail",
          subject: reader,
          what: "ModifyDBInstance",
          by: "m.kraus",
          detail: "DBInstanceClass=db.r6g.xlarge, ApplyImmediately=true",
          error: null,
          before: { DBInstanceClass: "db.r6g.large" },
        },
        {
          at: ago(switched + 1).toISOString(),
          source: "cloudtrail",
          subject: cluster,
          what: "FailoverDBCluster",
          by: "m.kraus",
          detail: "TargetDBInstanceIdentifier=profile-2",
          error: null,
        },
        {
          at: ago(switched + 29).toISOString(),
          source: "cloudtrail",
          subject: writer,
          what: "ModifyDBInstance",
          by: "m.kraus",
          detail: "DBInstanceClass=db.r6g.xlarge, ApplyImmediately=true",
          error: null,
          before: { DBInstanceClass: "db.r6g.large" },
        },
      ],
      alarm: { ...below("BufferCacheHitRatio", 95, [91.6, 92.8, 93.9], switched - 4), state: "OK" },
      way: "probe-failed",
    };
  },
});
