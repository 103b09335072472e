import { calmRds } from "../support/outside/calm.ts";
import { steps } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";

const id = "telemetry";

const instances = [
  instanceOf(id, {
    Engine: "postgres",
    EngineVersion: "14.17",
    DBInstanceClass: "db.r6g.2xlarge",
    AllocatedStorage: 2000,
    Iops: 12_000,
    StorageThroughput: 500,
  }),
];

const load = loadOf(
  { "IO:DataFileRead": 2.9, CPU: 2.4, "Timeout:VacuumDelay": 0.3 },
  [
    {
      sql: "autovacuum: VACUUM public.readings (to prevent wraparound)",
      waits: { "IO:DataFileRead": 2.1, "Timeout:VacuumDelay": 0.3, CPU: 0.4 },
    },
    {
      sql: "INSERT INTO readings ( device_id, at, value ) VALUES (?, ?, ?)",
      waits: { CPU: 1.3, "IO:DataFileRead": 0.5 },
    },
  ],
  { rdsadmin: 2.8, collector: 3 },
);

const calm = calmRds({
  engine: "postgres",
  vcpus: 8,
  memoryGib: 64,
  freeGib: 820,
  connections: 220,
  cpu: 35,
  iops: 2300,
});

export const scenario = defineOutside({
  engine: "postgres",
  title: "Transaction IDs are nearly used up, and the anti-wraparound autovacuum reads without end",
  world: (dice) => {
    const used = dice.number(1880, 1960) * 1e6;
    return {
      instances,
      metrics: {
        ...calm,
        MaximumUsedTransactionIDs: (ago) => used - ago * 31_000,
        ReadIOPS: steps(2900, 3100, 60 * 24 * 8),
        ReadThroughput: steps(92e6, 94e6, 60 * 24 * 8),
        DBLoad: steps(5.6, 5.8, 60 * 24 * 8),
        DBLoadCPU: steps(2.4, 2.4, 60 * 24 * 8),
        DBLoadNonCPU: steps(3.2, 3.4, 60 * 24 * 8),
      },
      events: nightlyBackup(id),
      load,
      alarm: above("MaximumUsedTransactionIDs", 1_800_000_000, [1_800_410_000], 240, "Maximum"),
      way: "probe-failed",
    };
  },
});
