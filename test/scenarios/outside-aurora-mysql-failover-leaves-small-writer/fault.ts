import { calmAurora, calmReader } from "../support/outside/calm.ts";
import { even, steps } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, clusterOf, instanceOf, loadOf, nightlyBackup, told } from "../support/outside/described.ts";

const gib = 1024 ** 3;
const writer = "feed-reporting";
const reader = "feed-main";
const cluster = "feed";
const of = { Engine: "aurora-mysql", EngineVersion: "8.0.mysql_aurora.3.08.1", DBClusterIdentifier: cluster };

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "The writer's host failed, and the only other member, of a quarter of its size and meant for reports, writes since",
  world: (dice) => {
    const moved = dice.number(26, 28);
    return {
      instances: [
        instanceOf(writer, { ...of, DBInstanceClass: "db.r6g.large", AvailabilityZone: "eu-central-1a" }),
        instanceOf(reader, { ...of, DBInstanceClass: "db.r6g.2xlarge" }),
      ],
      cluster: clusterOf(cluster, [writer, reader], { Engine: of.Engine, EngineVersion: of.EngineVersion }),
      metrics: {
        ...calmAurora({ engine: "mysql", vcpus: 2, memoryGib: 16, connections: 34, cpu: 16, iops: 90 }),
        ...calmReader(reader, 64),
        CPUUtilization: even(steps(16, 98.9, moved)),
        DatabaseConnections: steps(34, 402, moved),
        FreeableMemory: steps(3.6 * gib, 2.2 * gib, moved - 2),
        BufferCacheHitRatio: steps(99.7, 97.1, moved),
        ReadIOPS: steps(40, 1900, moved),
        NetworkReceiveThroughput: steps(0.3e6, 3.4e6, moved),
        NetworkTransmitThroughput: steps(1.1e6, 11e6, moved),
        Queries: steps(210, 3150, moved),
        CommitThroughput: steps(0, 172, moved),
        CommitLatency: steps(0, 6.1, moved),
        SelectLatency: steps(1.2, 7.9, moved),
        DMLLatency: steps(0, 9.4, moved),
        EngineUptime: (minutes) => (minutes > moved ? 40 * 86_400 - minutes * 60 : (moved - minutes) * 60),
        [`${reader}/CPUUtilization`]: steps(41, 4, moved),
        [`${reader}/DatabaseConnections`]: steps(396, 11, moved),
        [`${reader}/DBLoad`]: steps(3.4, 0.2, moved),
        DBLoad: steps(0.4, 20.6, moved),
        DBLoadCPU: steps(0.3, 16.4, moved),
        DBLoadNonCPU: steps(0.1, 4.2, moved),
      },
      events: [
        told(cluster, moved - 1, "failover", `Completed failover to DB instance: ${writer}`, "cluster"),
        told(cluster, moved, "failover", `Started cross AZ failover to DB instance: ${writer}`, "cluster"),
        told(writer, moved, "availability", "DB instance restarted"),
        told(reader, moved - 4, "availability", "DB instance restarted"),
        ...nightlyBackup(writer),
      ],
      load: loadOf(
        {
          CPU: 16.4,
          "io/table/sql/handler": 1.8,
          "io/aurora_redo_log_flush": 1.3,
          "synch/mutex/innodb/buf_pool_mutex": 0.6,
          "io/aurora_respond_to_client": 0.5,
        },
        [
          {
            sql: "SELECT * FROM `posts` WHERE `author_id` IN (...) ORDER BY `created_at` DESC LIMIT ?",
            waits: { CPU: 4.1, "io/table/sql/handler": 0.6 },
          },
          {
            sql: "SELECT `post_id` , COUNT ( * ) FROM `likes` WHERE `post_id` IN (...) GROUP BY `post_id`",
            waits: { CPU: 3.6, "io/table/sql/handler": 0.4 },
          },
          {
            sql: "SELECT * FROM `follows` WHERE `follower_id` = ?",
            waits: { CPU: 3.1, "io/table/sql/handler": 0.3 },
          },
          { sql: "INSERT INTO `likes` VALUES (...)", waits: { CPU: 1.6, "io/aurora_redo_log_flush": 0.8 } },
          {
            sql: "SELECT `id` , `name` , `avatar` FROM `users` WHERE `id` IN (...)",
            waits: { CPU: 2.7, "io/table/sql/handler": 0.3 },
          },
          {
            sql: "UPDATE `sessions` SET `seen_at` = ? WHERE `id` = ?",
            waits: { CPU: 1.1, "io/aurora_redo_log_flush": 0.5 },
          },
        ],
        { feed_api: 17.9, ingest: 2.3, reports: 0.4 },
      ),
      alarm: above("CPUUtilization", 90, [98.7, 98.9, 99.1], moved - 5),
      alsoAlarms: [above("DBLoad", 8, [19.4, 20.9, 20.2], moved - 6)],
      way: "silent",
    };
  },
});
