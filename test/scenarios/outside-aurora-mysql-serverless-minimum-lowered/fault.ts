import { calmAurora } from "../support/outside/calm.ts";
import { type Curve, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, ago, clusterOf, instanceOf, loadOf, told } from "../support/outside/described.ts";
import { between } from "../support/outside/recurring.ts";

const id = "courses-1";
const lowered = 60 * 15;
const version = { Engine: "aurora-mysql", EngineVersion: "8.0.mysql_aurora.3.08.1" };

/** Before the minimum was lowered one value, since then another at night, and since the morning's first traffic a line. */
function morning(before: number, night: number, since: number, to: number, now: number): Curve {
  return (minutes) => {
    if (minutes > lowered - 60) return before;
    return minutes > since ? night : between(since, 0, to, now)(minutes);
  };
}

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "The cluster's minimum capacity was lowered from 8 to 0.5 ACU last evening; the night emptied the buffer pool and the morning reads everything from storage",
  world: (dice) => {
    const since = dice.number(24, 28);
    return {
      instances: [
        instanceOf(id, { ...version, DBClusterIdentifier: "courses", DBInstanceClass: "db.serverless" }),
      ],
      cluster: clusterOf("courses", [id], {
        ...version,
        MultiAZ: false,
        EngineMode: "provisioned",
        ServerlessV2ScalingConfiguration: { MinCapacity: 0.5, MaxCapacity: 32 },
      }),
      metrics: {
        ...withDays(
          calmAurora({ engine: "mysql", vcpus: 8, memoryGib: 20, connections: 130, cpu: 16, iops: 500 }),
        ),
        ServerlessDatabaseCapacity: morning(10.5, 0.5, since, 2, 15),
        ACUUtilization: morning(33, 1.6, since, 6, 47),
        CPUUtilization: morning(16, 1.1, since, 5, 21),
        DatabaseConnections: morning(130, 18, since, 88, 136),
        BufferCacheHitRatio: morning(99.8, 98.8, since, 71, 88),
        ReadIOPS: morning(60, 5, since, 5200, 4300),
        ReadLatency: morning(0.0011, 0.0012, since, 0.0019, 0.0017),
        ReadThroughput: morning(1e6, 8e4, since, 83e6, 69e6),
        SelectLatency: morning(0.6, 0.6, since, 16, 11),
        Queries: morning(1900, 30, since, 900, 1500),
        DBLoad: morning(1.4, 0.05, since, 15, 13),
        DBLoadCPU: morning(1.1, 0.04, since, 1.6, 2.6),
        DBLoadNonCPU: morning(0.3, 0.01, since, 13.4, 10.4),
        FreeableMemory: morning(12e9, 0.9e9, since, 1.4e9, 11e9),
      },
      events: [told(id, 655, "backup", "Automated backup of DB cluster finished", "cluster")],
      changes: [
        {
          at: ago(lowered).toISOString(),
          source: "cloudtrail",
          subject: "courses",
          what: "ModifyDBCluster",
          by: "finops-terraform",
          detail:
            'dBClusterIdentifier=courses, serverlessV2ScalingConfiguration={"minCapacity":0.5,"maxCapacity":32}, applyImmediately=true',
          error: null,
        },
      ],
      load: loadOf(
        { "io/table/sql/handler": 7.4, "io/file/innodb/innodb_data_file": 3, CPU: 2.6 },
        [
          {
            sql: "SELECT * FROM `lessons` WHERE `course_id` = ? ORDER BY `position`",
            waits: { "io/table/sql/handler": 1.9, "io/file/innodb/innodb_data_file": 0.8, CPU: 0.6 },
          },
          {
            sql: "SELECT * FROM `enrolments` WHERE `learner_id` = ?",
            waits: { "io/table/sql/handler": 1.7, "io/file/innodb/innodb_data_file": 0.7, CPU: 0.5 },
          },
          {
            sql: "SELECT `id` , `score` FROM `attempts` WHERE `learner_id` = ? AND `quiz_id` = ?",
            waits: { "io/table/sql/handler": 1.6, "io/file/innodb/innodb_data_file": 0.6, CPU: 0.5 },
          },
          {
            sql: "UPDATE `progress` SET `seconds` = ? WHERE `learner_id` = ? AND `lesson_id` = ?",
            waits: { "io/table/sql/handler": 1.2, "io/file/innodb/innodb_data_file": 0.5, CPU: 0.4 },
          },
        ],
        { courses_web: 12.4, courses_jobs: 0.6 },
      ),
      alarm: above("SelectLatency", 8, [14.9, 15.8, 15.2], since - 5),
      way: "probe-failed",
    };
  },
});
