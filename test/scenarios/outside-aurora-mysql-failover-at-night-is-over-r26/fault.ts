import { calmAurora, calmReader } from "../support/outside/calm.ts";
import { withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { below, clusterOf, instanceOf, loadOf, nightlyBackup, told } from "../support/outside/described.ts";
import { between } from "../support/outside/recurring.ts";

const [writer, reader, cluster] = ["courses-b", "courses-a", "courses"];
const gib = 1024 ** 3;
const like = {
  Engine: "aurora-mysql",
  EngineVersion: "8.0.mysql_aurora.3.08.0",
  DBInstanceClass: "db.r6g.2xlarge",
  DBClusterIdentifier: cluster,
};

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "Nothing is wrong: the night's failover is five hours over, and the memory alarm is the buffer pool that is as full again as it was all week",
  world: (dice) => {
    const over = dice.number(305, 320);
    const memory = (minutes: number) =>
      minutes > over ? 11.7 * gib : between(over, 40, 21 * gib, 11.7 * gib)(minutes);
    return {
      instances: [instanceOf(writer, like), instanceOf(reader, { ...like, PromotionTier: 1 })],
      cluster: clusterOf(cluster, [writer, reader], {
        Engine: "aurora-mysql",
        EngineVersion: "8.0.mysql_aurora.3.08.0",
      }),
      metrics: {
        ...withDays(
          calmAurora({ engine: "mysql", vcpus: 8, memoryGib: 64, connections: 231, cpu: 33, iops: 450 }),
        ),
        ...calmReader(reader, 64),
        FreeableMemory: memory,
        EngineUptime: (minutes) => (minutes > over ? 41 * 86_400 - minutes * 60 : (over - minutes) * 60),
      },
      events: [
        told(cluster, over - 1, "failover", `Completed failover to DB instance: ${writer}`, "cluster"),
        told(writer, over, "availability", "DB instance restarted"),
        told(reader, over, "availability", "DB instance restarted"),
        told(cluster, over + 1, "failover", `Started cross AZ failover to DB instance: ${writer}`, "cluster"),
        ...nightlyBackup(writer),
      ],
      load: loadOf(
        { CPU: 2.1, "wait/io/aurora_redo_log_flush": 0.3, "wait/io/table/sql/handler": 0.2 },
        [
          {
            sql: "SELECT `l` . `id` , `l` . `title` FROM `lessons` `l` WHERE `l` . `course_id` = ? ORDER BY `l` . `position`",
            waits: { CPU: 0.6 },
          },
          {
            sql: "UPDATE `progress` SET `percent` = ? WHERE `user_id` = ? AND `lesson_id` = ?",
            waits: { CPU: 0.3, "wait/io/aurora_redo_log_flush": 0.3 },
          },
        ],
        { courses_api: 2.4, courses_jobs: 0.2 },
      ),
      alarm: below("FreeableMemory", 12 * gib, [12_860_000_000, 12_810_000_000, 12_790_000_000], 58),
      way: "probe-failed",
    };
  },
});
