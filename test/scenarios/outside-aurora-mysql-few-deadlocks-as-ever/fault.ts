import { calmAurora, calmReader } from "../support/outside/calm.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, clusterOf, instanceOf, loadOf } from "../support/outside/described.ts";

const id = "depot-writer";
const reader = "depot-reader";

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "Nothing is wrong: an alarm on any deadlock at all; one now and then, as on every day, and taken up again by the job",
  world: (dice) => {
    const at = dice.number(3, 6);
    const version = { Engine: "aurora-mysql", EngineVersion: "8.0.mysql_aurora.3.08.2" };
    const member = { ...version, DBInstanceClass: "db.r6g.large", DBClusterIdentifier: "depot" };
    return {
      instances: [instanceOf(id, member), instanceOf(reader, member)],
      cluster: clusterOf("depot", [id, reader], version),
      metrics: {
        ...calmAurora({ engine: "mysql", vcpus: 2, memoryGib: 16, connections: 95, cpu: 34, iops: 520 }),
        ...calmReader(reader, 16),
        // A minute with one deadlock is a sixtieth a second; one in some twenty minutes, by day and by week.
        Deadlocks: (ago) => (Math.floor(ago) % 19 === at ? 1 / 60 : 0),
      },
      load: loadOf(
        { CPU: 0.5, "wait/io/table/sql/handler": 0.2, "wait/io/aurora_redo_log_flush": 0.1 },
        [
          { sql: "UPDATE `bins` SET `filled` = ? WHERE `depot` = ? AND `bin_no` = ?", waits: { CPU: 0.2 } },
          { sql: "SELECT * FROM `pick_lists` WHERE `depot` = ? AND `state` = ?", waits: { CPU: 0.2 } },
        ],
        { depot_app: 0.6, depot_jobs: 0.2 },
      ),
      alarm: above("Deadlocks", 0, [1 / 60], at, "Average"),
      way: "probe-failed",
    };
  },
});
