import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { turns, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, nightlyBackup } from "../support/outside/described.ts";
import { errorLog, logged } from "../support/outside/postgres-log.ts";
import { between } from "../support/outside/recurring.ts";

const id = "shipping-prod";
const report =
  "SELECT s.carrier_id, count(*), avg(s.delivered_at - s.created_at) FROM shipments s JOIN shipment_events e ON e.shipment_id = s.id GROUP BY 1";
const table = "relation 24713 of database 16401";

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "A migration's ALTER TABLE on shipments waits for a report that has read it for long, and everybody who wants shipments queues behind the ALTER",
  world: (dice) => {
    const since = dice.number(9, 12);
    const calm = withDays(
      withoutInsights(
        calmRds({
          engine: "postgres",
          vcpus: 4,
          memoryGib: 32,
          freeGib: 240,
          connections: 138,
          cpu: 41,
          iops: 900,
        }),
      ),
    );
    const queue = Array.from({ length: 120 }, (_, index) => 18_840 + index * 3);
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "14.13",
          DBInstanceClass: "db.r5.xlarge",
          AllocatedStorage: 500,
          Iops: 12_000,
          StorageThroughput: 500,
          PerformanceInsightsEnabled: false,
        }),
      ],
      metrics: {
        ...calm,
        DatabaseConnections: between(since, 0, 138, 262),
        CPUUtilization: turns(usual(41), since, 17),
        ReadIOPS: turns(usual(360), since, 410),
        WriteIOPS: turns(usual(540), since, 130),
        WriteThroughput: turns(usual(11e6), since, 2.4e6),
        NetworkTransmitThroughput: turns(usual(4.2e6), since, 0.9e6),
      },
      events: nightlyBackup(id),
      load: null,
      logs: [
        errorLog(
          [
            logged(
              since + 71,
              { host: "10.7.2.40(49122)", user: "shipping_api", database: "shipping", pid: 17_212 },
              'ERROR:  duplicate key value violates unique constraint "labels_tracking_no_key"',
            ),
            logged(
              since + 3,
              { host: "10.7.5.31(38814)", user: "bi_reader", database: "shipping", pid: 17_904 },
              `LOG:  duration: 61044.871 ms  execute <unnamed>: ${report}`,
            ),
            logged(
              since,
              { host: "10.7.9.12(40318)", user: "migrator", database: "shipping", pid: 18_822 },
              `LOG:  process 18822 still waiting for AccessExclusiveLock on ${table} after 1000.113 ms`,
            ),
            logged(
              since,
              { host: "10.7.9.12(40318)", user: "migrator", database: "shipping", pid: 18_822 },
              "DETAIL:  Process holding the lock: 17903. Wait queue: 18822.",
            ),
            logged(
              since,
              { host: "10.7.9.12(40318)", user: "migrator", database: "shipping", pid: 18_822 },
              "STATEMENT:  ALTER TABLE shipments ADD COLUMN carrier_ref text",
            ),
            ...queue.flatMap((pid, index) => {
              const who = {
                host: `10.7.2.${40 + (index % 4)}(${50_100 + index * 9})`,
                user: "shipping_api",
                database: "shipping",
                pid,
              };
              const at = since - 0.1 - index * 0.07;
              const waits = [18_822, ...queue.slice(0, index + 1)].join(", ");
              return [
                logged(
                  at,
                  who,
                  `LOG:  process ${pid} still waiting for AccessShareLock on ${table} after 1000.${100 + index} ms at character 15`,
                ),
                logged(at, who, `DETAIL:  Process holding the lock: 17903. Wait queue: ${waits}.`),
                logged(at, who, "STATEMENT:  SELECT * FROM shipments WHERE order_id = $1"),
              ];
            }),
          ],
          0.6,
        ),
      ],
      alarm: above("DatabaseConnections", 200, [202, 214, 226], 3),
      way: "probe-failed",
    };
  },
});
