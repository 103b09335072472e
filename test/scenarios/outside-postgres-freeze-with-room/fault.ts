import { calmRds } from "../support/outside/calm.ts";
import { during, usual } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";

const id = "metrics-prod";

const instances = [
  instanceOf(id, { Engine: "postgres", EngineVersion: "15.8", DBInstanceClass: "db.r6g.xlarge" }),
];

const freeze = "autovacuum: VACUUM public.page_views (to prevent wraparound)";
const views = "SELECT count(*) FROM page_views WHERE site_id = $1 AND day = $2";

export const scenario = defineOutside({
  engine: "postgres",
  title: "Autovacuum freezes a big old table as it should at 200 million; there is room for its reads",
  world: (dice) => {
    const age = dice.number(202, 206) * 1e6;
    const calm = calmRds({
      engine: "postgres",
      vcpus: 4,
      memoryGib: 32,
      freeGib: 96,
      connections: 74,
      cpu: 31,
      iops: 480,
    });
    return {
      instances,
      metrics: {
        ...calm,
        MaximumUsedTransactionIDs: usual(age),
        ReadIOPS: during(34, 0, 1250, 190),
        ReadThroughput: during(34, 0, 41e6, 3.4e6),
        WriteThroughput: during(34, 0, 17e6, 6e6),
        ReadLatency: during(34, 0, 0.0013, 0.0007),
        DiskQueueDepth: (ago) => (ago <= 33 && ago >= 29 ? 5.7 : during(34, 0, 1.9, 0.6)(ago)),
        CPUUtilization: during(34, 0, 39, 31),
        DBLoad: during(34, 0, 2.0, 1.2),
        DBLoadCPU: during(34, 0, 1.1, 0.95),
        DBLoadNonCPU: during(34, 0, 0.9, 0.25),
      },
      events: nightlyBackup(id),
      load: loadOf(
        { CPU: 1.1, "IO:DataFileRead": 0.6, "Timeout:VacuumDelay": 0.3 },
        [
          { sql: freeze, waits: { "IO:DataFileRead": 0.5, CPU: 0.2, "Timeout:VacuumDelay": 0.3 } },
          { sql: views, waits: { CPU: 0.6, "IO:DataFileRead": 0.1 } },
        ],
        { metrics_app: 0.9, rdsadmin: 1.0 },
      ),
      alarm: { ...above("DiskQueueDepth", 5, [5.8, 5.6, 5.7], 29), state: "OK" },
      way: "probe-failed",
    };
  },
});
