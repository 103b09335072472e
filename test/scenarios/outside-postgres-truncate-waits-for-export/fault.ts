import { calmRds } from "../support/outside/calm.ts";
import { moves, steps, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, ago, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";

const id = "pricing-prod";
const since = 16;

/** Sixteen pods keep asking, until the pools of all of them wait: after eight minutes it grows no more. */
function pools(before: number, full: number) {
  return (ago: number) => (ago > 8 ? moves(before, full, since - 8)(ago - 8) : full);
}

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "The hourly load empties price_feed, waits for a partner's export of it, and all who ask for prices wait behind",
  world: (dice) => {
    const connections = dice.number(92, 99);
    const calm = withDays(
      calmRds({ engine: "postgres", vcpus: 8, memoryGib: 32, freeGib: 212, connections, cpu: 39, iops: 800 }),
    );
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "16.6",
          DBInstanceClass: "db.m5.2xlarge",
          MultiAZ: true,
          AllocatedStorage: 500,
          Iops: 12_000,
          StorageThroughput: 500,
        }),
      ],
      metrics: {
        ...calm,
        CPUUtilization: steps(39, 17, since),
        DatabaseConnections: pools(connections, connections + 88),
        NetworkTransmitThroughput: steps(9.1e6, 6.4e6, since),
        ReadIOPS: steps(320, 190, since),
        DBLoad: pools(3.3, 82),
        DBLoadCPU: steps(2.4, 1.1, since),
        DBLoadNonCPU: pools(0.9, 81),
      },
      events: nightlyBackup(id),
      load: loadOf(
        { "Lock:relation": 62, CPU: 1.1, "Client:ClientWrite": 0.8, "IO:WALSync": 0.3 },
        [
          {
            sql: "SELECT sku , net , currency FROM price_feed WHERE sku = ANY ( ? )",
            waits: { "Lock:relation": 55.4 },
          },
          {
            sql: "SELECT max ( valid_from ) FROM price_feed WHERE supplier_id = ?",
            waits: { "Lock:relation": 5.6 },
          },
          { sql: "TRUNCATE price_feed", waits: { "Lock:relation": 1 } },
          {
            sql: "COPY ( SELECT * FROM price_feed ) TO STDOUT WITH ( FORMAT csv )",
            waits: { "Client:ClientWrite": 0.8, CPU: 0.2 },
          },
          {
            sql: "INSERT INTO quotes ( sku , customer_id , net ) VALUES ( ? , ? , ? )",
            waits: { "IO:WALSync": 0.3, CPU: 0.1 },
          },
        ],
        { pricing: 61.3, feed_loader: 1, partner_export: 1, quotes: 0.9 },
      ),
      changes: [
        {
          at: ago(1270).toISOString(),
          source: "cloudtrail",
          subject: `${id}-params`,
          what: "ModifyDBParameterGroup",
          by: "j.okafor",
          detail: "log_min_duration_statement = 2000",
          error: null,
        },
      ],
      alarm: above("DBLoad", 16, [21.4, 31.7, 42.2], 13),
      alsoAlarms: [above("DatabaseConnections", 160, [164, 175, 184], 9, "Maximum")],
      way: "probe-failed",
    };
  },
});
