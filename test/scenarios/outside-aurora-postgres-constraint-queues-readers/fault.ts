import { calmAurora, calmReader } from "../support/outside/calm.ts";
import { moves, steps } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, clusterOf, instanceOf, loadOf } from "../support/outside/described.ts";

const ids = ["flags-1", "flags-2"] as const;
const of = {
  Engine: "aurora-postgresql",
  EngineVersion: "14.17",
  DBInstanceClass: "db.r6g.2xlarge",
  DBClusterIdentifier: "flags",
};

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "A release adds a constraint to the busiest table and waits for its lock; every request waits behind, pools open more",
  world: (dice) => {
    const waiting = dice.number(70, 95);
    return {
      instances: ids.map((id) => instanceOf(id, of)),
      cluster: clusterOf("flags", ids, { Engine: "aurora-postgresql", EngineVersion: "14.17" }),
      metrics: {
        ...calmAurora({ engine: "postgres", vcpus: 8, memoryGib: 64, connections: 210, cpu: 38, iops: 900 }),
        CPUUtilization: steps(38, 6, 7),
        DatabaseConnections: moves(210, 1240, 7),
        CommitThroughput: steps(210, 12, 7),
        ReadIOPS: steps(360, 30, 7),
        DBLoad: steps(3, waiting + 3, 7),
        DBLoadCPU: steps(2.3, 0.4, 7),
        DBLoadNonCPU: steps(0.7, waiting + 2.5, 7),
        ...calmReader(ids[1], 64),
      },
      events: [],
      load: loadOf(
        { "Lock:relation": waiting + 2, CPU: 0.4, "IO:DataFileRead": 0.2 },
        [
          {
            sql: "SELECT feature_state.id, feature_state.enabled FROM feature_state WHERE feature_state.environment_id = ?",
            waits: { "Lock:relation": waiting * 0.86 },
          },
          {
            sql: "UPDATE feature_state SET enabled = ? WHERE id = ?",
            waits: { "Lock:relation": waiting * 0.14 },
          },
          {
            sql: "ALTER TABLE feature_state ADD CONSTRAINT live_from_or_version CHECK (live_from IS NOT NULL OR version IS NULL)",
            waits: { "Lock:relation": 1 },
          },
          { sql: "SELECT id, name FROM project WHERE id = ?", waits: { CPU: 0.3 } },
        ],
        { api: waiting + 0.4, migrator: 1 },
      ),
      alarm: above("DatabaseConnections", 800, [820, 960, 1105], 2),
      way: "probe-failed",
    };
  },
});
