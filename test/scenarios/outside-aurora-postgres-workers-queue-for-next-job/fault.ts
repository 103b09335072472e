import { calmAurora, calmReader } from "../support/outside/calm.ts";
import { steps } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, clusterOf, instanceOf, loadOf, told } from "../support/outside/described.ts";

const id = "courier-1";
const reader = "courier-2";
const cluster = "courier";

export const scenario = defineOutside({
  engine: "postgres",
  title: "Eighty workers instead of twenty ask for the next job, and all of them lock the same row",
  world: (dice) => {
    const since = dice.number(29, 33);
    const of = {
      Engine: "aurora-postgresql",
      EngineVersion: "16.4",
      DBInstanceClass: "db.r6g.xlarge",
      DBClusterIdentifier: cluster,
    };
    return {
      instances: [instanceOf(id, of), instanceOf(reader, of)],
      cluster: clusterOf(cluster, [id, reader], { Engine: "aurora-postgresql", EngineVersion: "16.4" }),
      metrics: {
        ...calmAurora({ engine: "postgres", vcpus: 4, memoryGib: 32, connections: 121, cpu: 34, iops: 420 }),
        ...calmReader(reader, 32),
        CPUUtilization: steps(34, 69, since),
        DatabaseConnections: steps(121, 183, since),
        DBLoad: steps(1.4, 61, since),
        DBLoadCPU: steps(1.1, 3.2, since),
        DBLoadNonCPU: steps(0.3, 57.8, since),
        CommitThroughput: steps(210, 148, since),
      },
      events: [
        told(reader, 140, "creation", "DB instance created"),
        told(reader, 131, "configuration change", "Performance Insights has been enabled"),
      ],
      load: loadOf(
        {
          "Lock:tuple": 44.1,
          "Lock:transactionid": 12.6,
          CPU: 3.2,
          "IO:XactSync": 0.8,
          "LWLock:lock_manager": 0.3,
        },
        [
          {
            sql: "SELECT id, payload FROM delivery_jobs WHERE state = ? ORDER BY run_at LIMIT ? FOR UPDATE",
            waits: { "Lock:tuple": 44.1, "Lock:transactionid": 12.6, CPU: 1.7, "LWLock:lock_manager": 0.3 },
          },
          {
            sql: "UPDATE delivery_jobs SET state = ?, finished_at = ? WHERE id = ?",
            waits: { "IO:XactSync": 0.8, CPU: 0.6 },
          },
          { sql: "SELECT lat, lon FROM courier_positions WHERE courier_id = ?", waits: { CPU: 0.7 } },
        ],
        { dispatcher: 59.9, tracking: 1.1 },
      ),
      alarm: above("DBLoad", 12, [57.2, 62.4, 60.1], since - 4),
      way: "probe-failed",
    };
  },
});
