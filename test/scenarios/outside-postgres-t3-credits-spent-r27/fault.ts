import { calmRds } from "../support/outside/calm.ts";
import { even, usual } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { below, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";

const id = "intranet-db";

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "Nothing is wrong: a t3.medium in unlimited mode has spent its CPU credits, as on every working day; it is not throttled and pays a little for surplus",
  world: (dice) => ({
    instances: [
      instanceOf(id, {
        Engine: "postgres",
        EngineVersion: "16.4",
        DBInstanceClass: "db.t3.medium",
        AllocatedStorage: 100,
        PerformanceInsightsRetentionPeriod: 7,
      }),
    ],
    metrics: {
      ...calmRds({
        engine: "postgres",
        vcpus: 2,
        memoryGib: 4,
        freeGib: 46,
        connections: 44,
        cpu: dice.number(40, 43),
        iops: 150,
      }),
      CPUCreditBalance: () => 0,
      CPUCreditUsage: usual(4.2),
      CPUSurplusCreditBalance: even(usual(171)),
      CPUSurplusCreditsCharged: () => 0,
    },
    events: nightlyBackup(id),
    load: loadOf(
      { CPU: 0.62, "IO:DataFileRead": 0.05, "Client:ClientRead": 0.03 },
      [
        { sql: "SELECT * FROM pages WHERE slug = $1", waits: { CPU: 0.24 } },
        { sql: "SELECT * FROM people ORDER BY last_name LIMIT $1 OFFSET $2", waits: { CPU: 0.17 } },
        { sql: "SELECT * FROM bookings WHERE day = $1", waits: { CPU: 0.11, "IO:DataFileRead": 0.05 } },
      ],
      { intranet: 0.7 },
    ),
    alarm: below("CPUCreditBalance", 20, [14.1, 4.6, 0], 215),
    way: "probe-failed",
  }),
});
