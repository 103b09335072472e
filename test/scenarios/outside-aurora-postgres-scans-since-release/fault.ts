import { calmAurora, calmReader } from "../support/outside/calm.ts";
import { steps } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, clusterOf, instanceOf, loadOf } from "../support/outside/described.ts";

const ids = ["catalog-1", "catalog-2"] as const;
const of = {
  Engine: "aurora-postgresql",
  EngineVersion: "16.8",
  DBInstanceClass: "db.r6g.xlarge",
  DBClusterIdentifier: "catalog",
};

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "A new search reads whole tables: thirty sessions wait for pages, storage answers as fast as ever, the CPU is at 58 %",
  world: (dice) => {
    const reading = dice.number(24, 33);
    return {
      instances: ids.map((id) => instanceOf(id, of)),
      cluster: clusterOf("catalog", ids, { Engine: "aurora-postgresql", EngineVersion: "16.8" }),
      metrics: {
        ...calmAurora({ engine: "postgres", vcpus: 4, memoryGib: 32, connections: 95, cpu: 27, iops: 500 }),
        CPUUtilization: steps(27, 58, 26),
        ReadIOPS: steps(200, 21_000, 26),
        ReadThroughput: steps(3.6e6, 172e6, 26),
        BufferCacheHitRatio: steps(99.8, 71, 26),
        DBLoad: steps(1.1, reading + 4, 26),
        DBLoadCPU: steps(0.8, 2.2, 26),
        DBLoadNonCPU: steps(0.3, reading + 1.5, 26),
        ...calmReader(ids[1], 32),
      },
      events: [],
      load: loadOf(
        { "IO:DataFileRead": reading, CPU: 2.2, "LWLock:BufferIO": 1.1, "IO:XactSync": 0.3 },
        [
          {
            sql: "SELECT p.id, p.title FROM products p WHERE p.attributes ->> ? = ? ORDER BY p.rank LIMIT ?",
            waits: { "IO:DataFileRead": reading * 0.95, CPU: 1.6 },
          },
          { sql: "SELECT p.id FROM products p WHERE p.id = ?", waits: { CPU: 0.4, "IO:DataFileRead": 0.8 } },
        ],
        { search: reading + 1, web: 1.9 },
      ),
      alarm: above("DBLoad", 12, [26, 29, 31], 22),
      way: "probe-failed",
    };
  },
});
