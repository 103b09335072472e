import { calmAurora, calmReader } from "../support/outside/calm.ts";
import { during, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { below, clusterOf, instanceOf, loadOf, nightlyBackup, told } from "../support/outside/described.ts";

const writer = "loyalty-one";
const reader = "loyalty-two";
const of = {
  Engine: "aurora-mysql",
  EngineVersion: "8.0.mysql_aurora.3.10.0",
  DBInstanceClass: "db.r7g.large",
  DBClusterIdentifier: "loyalty",
};

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "A patch without downtime has restarted the engine in its window; its connections stayed, and the alarm on a young engine is over",
  world: (dice) => {
    const patched = dice.number(31, 34);
    return {
      instances: [instanceOf(writer, of), instanceOf(reader, of)],
      cluster: clusterOf("loyalty", [writer, reader], { Engine: of.Engine, EngineVersion: of.EngineVersion }),
      metrics: {
        ...withDays(
          calmAurora({ engine: "mysql", vcpus: 2, memoryGib: 16, connections: 92, cpu: 22, iops: 210 }),
        ),
        ...calmReader(reader, 16),
        EngineUptime: (minutes) =>
          minutes > patched ? 63 * 86_400 - minutes * 60 : (patched - minutes) * 60,
        CPUUtilization: during(patched, patched - 2, 41, 22),
        Queries: during(patched, patched - 1, 640, 1100),
      },
      events: [
        told(
          writer,
          patched - 1,
          "maintenance",
          "Attempt to upgrade the database with zero downtime finished. The process took 6472 ms to complete.",
        ),
        told(writer, patched, "maintenance", "Attempting to upgrade the database with zero downtime."),
        told(
          reader,
          patched + 3,
          "maintenance",
          "Attempt to upgrade the database with zero downtime finished. The process took 4410 ms to complete.",
        ),
        told("loyalty", patched - 4, "maintenance", "Database cluster has been patched.", "cluster"),
        ...nightlyBackup(writer),
      ],
      load: loadOf(
        { CPU: 0.3, "io/aurora_redo_log_flush": 0.1 },
        [
          { sql: "SELECT `points` FROM `accounts` WHERE `card_id` = ?", waits: { CPU: 0.2 } },
          {
            sql: "INSERT INTO `bookings` VALUES (...)",
            waits: { CPU: 0.1, "io/aurora_redo_log_flush": 0.1 },
          },
        ],
        { loyalty_api: 0.3, partner: 0.1 },
      ),
      alarm: { ...below("EngineUptime", 900, [61, 121, 181], patched - 4, "Minimum"), state: "OK" },
      way: "probe-failed",
    };
  },
});
