import { calmAurora, calmReader } from "../support/outside/calm.ts";
import { moves, steps } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, clusterOf, instanceOf, loadOf } from "../support/outside/described.ts";

const ids = ["courier-1", "courier-2"] as const;
const of = {
  Engine: "aurora-postgresql",
  EngineVersion: "16.6",
  DBInstanceClass: "db.r6g.xlarge",
  DBClusterIdentifier: "courier",
};

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "A migration builds an index the plain way: 60 writes wait for the table by now, reads go on, hardly a commit",
  world: (dice) => {
    const waiting = dice.number(55, 61);
    return {
      instances: ids.map((id) => instanceOf(id, of)),
      cluster: clusterOf("courier", ids, { Engine: "aurora-postgresql", EngineVersion: "16.6" }),
      metrics: {
        ...calmAurora({ engine: "postgres", vcpus: 4, memoryGib: 32, connections: 104, cpu: 36, iops: 640 }),
        CPUUtilization: steps(36, 39, 14),
        DatabaseConnections: moves(104, 151, 12),
        CommitThroughput: steps(320, 41, 13),
        ReadIOPS: steps(256, 2900, 14),
        ReadThroughput: steps(4.6e6, 47e6, 14),
        WriteIOPS: steps(384, 120, 13),
        DBLoad: steps(1.4, waiting + 2.6, 13),
        DBLoadCPU: steps(1.1, 1.4, 13),
        DBLoadNonCPU: steps(0.3, waiting + 1.2, 13),
        ...calmReader(ids[1], 32),
      },
      events: [],
      load: loadOf(
        { "Lock:relation": waiting, CPU: 1.4, "IO:DataFileRead": 0.9, "IO:XactSync": 0.3 },
        [
          {
            sql: "INSERT INTO deliveries ( order_id, courier_id, zone, due_at ) VALUES ( $1, $2, $3, $4 )",
            waits: { "Lock:relation": waiting * 0.56 },
          },
          {
            sql: "UPDATE deliveries SET state = $1, state_at = $2 WHERE id = $3",
            waits: { "Lock:relation": waiting * 0.44 },
          },
          {
            sql: "CREATE INDEX deliveries_zone_due_at_idx ON deliveries ( zone, due_at )",
            waits: { "IO:DataFileRead": 0.7, CPU: 0.3 },
          },
          {
            sql: "SELECT d.* FROM deliveries d WHERE d.courier_id = $1 AND d.state <> $2",
            waits: { CPU: 0.7, "IO:DataFileRead": 0.1 },
          },
        ],
        { dispatch: waiting + 1.5, migrations: 1.1 },
      ),
      alarm: above("DBLoad", 12, [48.9, 57.7, 61.2], 9),
      way: "probe-failed",
    };
  },
});
