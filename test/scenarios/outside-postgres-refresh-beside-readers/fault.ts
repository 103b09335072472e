import { calmRds } from "../support/outside/calm.ts";
import { type Curve, moves } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";

const id = "insight-db";

const calm = calmRds({
  engine: "postgres",
  vcpus: 4,
  memoryGib: 32,
  freeGib: 118,
  connections: 96,
  cpu: 27,
  iops: 720,
});

/** Every day at this hour for a while, as on the days before. */
function daily(usual: number, busy: number, minutes: number): Curve {
  return (ago) => (((ago % 1440) + 1440) % 1440 <= minutes || ago % 1440 >= 1440 - 12 ? busy : usual);
}

export const scenario = defineOutside({
  engine: "postgres",
  title: "A materialized view is refreshed CONCURRENTLY as each noon: more CPU than else, and nobody waits",
  world: (dice) => {
    const since = dice.number(16, 24);
    return {
      instances: [
        instanceOf(id, { Engine: "postgres", EngineVersion: "15.12", DBInstanceClass: "db.r6g.xlarge" }),
      ],
      metrics: {
        ...calm,
        CPUUtilization: daily(27, 63, since),
        ReadIOPS: daily(288, 1150, since),
        WriteIOPS: daily(432, 820, since),
        DatabaseConnections: moves(96, 104, since),
        DBLoad: daily(1.2, 2.7, since),
        DBLoadCPU: daily(0.9, 2, since),
        DBLoadNonCPU: daily(0.3, 0.7, since),
      },
      events: nightlyBackup(id),
      changes: [],
      load: loadOf(
        { CPU: 2, "IO:DataFileRead": 0.5, "Lock:relation": 0.04 },
        [
          {
            sql: "REFRESH MATERIALIZED VIEW CONCURRENTLY sales_by_day",
            waits: { CPU: 0.9, "IO:DataFileRead": 0.4 },
          },
          {
            sql: "SELECT day, region, sum(amount) FROM sales_by_day WHERE day >= ? GROUP BY day, region",
            waits: { CPU: 0.6, "Lock:relation": 0.04 },
          },
          { sql: "SELECT id, state FROM orders WHERE id = ?", waits: { CPU: 0.3 } },
        ],
        { dashboards: 0.7, reporting: 1.3, web: 0.6 },
      ),
      alarm: above("CPUUtilization", 60, [62.4, 63.8, 63.1], since - 6),
      way: "probe-failed",
    };
  },
});
