import { calmRds } from "../support/outside/calm.ts";
import { moves, steps } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, loadOf, nightlyBackup, told } from "../support/outside/described.ts";

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

export const scenario = defineOutside({
  engine: "postgres",
  title: "A materialized view is refreshed without CONCURRENTLY at noon: all dashboards that read it wait",
  world: (dice) => {
    const since = dice.number(9, 14);
    const waiting = dice.number(31, 44);
    return {
      instances: [
        instanceOf(id, { Engine: "postgres", EngineVersion: "15.12", DBInstanceClass: "db.r6g.xlarge" }),
      ],
      metrics: {
        ...calm,
        CPUUtilization: steps(27, 38, since),
        ReadIOPS: steps(288, 910, since),
        DatabaseConnections: moves(96, 96 + waiting + 20, since),
        DBLoad: steps(1.2, waiting + 2.1, since),
        DBLoadCPU: steps(0.9, 1.3, since),
        DBLoadNonCPU: steps(0.3, waiting + 0.8, since),
      },
      events: [
        // Long before, and of no consequence.
        told(
          `${id}-params`,
          190,
          "configuration change",
          "Updated parameter log_min_duration_statement to 750 with apply method immediate",
          "parameter-group",
        ),
        ...nightlyBackup(id),
      ],
      changes: [],
      load: loadOf(
        { "Lock:relation": waiting, CPU: 1.3, "IO:DataFileRead": 0.7 },
        [
          {
            sql: "SELECT day, region, sum(amount) FROM sales_by_day WHERE day >= ? GROUP BY day, region",
            waits: { "Lock:relation": waiting * 0.62 },
          },
          {
            sql: "SELECT s.day, s.amount, t.goal FROM sales_by_day s JOIN targets t ON t.day = s.day WHERE s.shop_id = ?",
            waits: { "Lock:relation": waiting * 0.38 },
          },
          { sql: "REFRESH MATERIALIZED VIEW sales_by_day", waits: { CPU: 0.6, "IO:DataFileRead": 0.4 } },
          { sql: "SELECT id, state FROM orders WHERE id = ?", waits: { CPU: 0.3 } },
        ],
        { dashboards: waiting, reporting: 1, web: 0.9 },
      ),
      alarm: above("DBLoad", 8, [waiting + 1, waiting + 3, waiting + 2], since - 4),
      way: "probe-failed",
    };
  },
});
