import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { even, steps, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, nightlyBackup } from "../support/outside/described.ts";
import { mysqlErrorLine, mysqlErrorLog, slowLog } from "../support/outside/mysql-log.ts";
import { fillsUp } from "../support/outside/saws.ts";

const id = "webshop-db";

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "A release looks vouchers up by their code, which has no index: each call reads 4.1 million rows for one, and the CPU is full",
  world: (dice) => {
    const since = dice.number(36, 40);
    const calm = withDays(
      withoutInsights(
        calmRds({
          engine: "mysql",
          vcpus: 4,
          memoryGib: 16,
          connections: 118,
          cpu: 33,
          iops: 540,
          freeGib: 142,
        }),
      ),
    );
    const lookups = Array.from({ length: 34 }, (_, index) => ({
      minutes: 1.5 - index * 0.012,
      user: "webshop",
      host: `10.6.${2 + (index % 3)}.${31 + (index % 7)}`,
      thread: 884_120 + index * 17,
      seconds: 6.2 + ((index * 37) % 50) / 10,
      sent: index % 4 === 0 ? 0 : 1,
      examined: 4_108_233 + index * 11,
      sql: `SELECT id, discount_percent, valid_until FROM vouchers WHERE code = 'SPRING-${4821 + index * 91}' AND redeemed_at IS NULL LIMIT 1`,
    }));
    return {
      instances: [
        instanceOf(id, {
          Engine: "mysql",
          EngineVersion: "8.0.40",
          DBInstanceClass: "db.m6g.xlarge",
          MultiAZ: true,
          AllocatedStorage: 300,
          PerformanceInsightsEnabled: false,
        }),
      ],
      metrics: {
        ...calm,
        CPUUtilization: even(steps(33, 99.3, since)),
        DatabaseConnections: fillsUp(usual(118), since, 6, 304),
        NetworkTransmitThroughput: steps(3.6e6, 2.4e6, since),
        WriteIOPS: steps(324, 251, since),
      },
      events: nightlyBackup(id),
      load: null,
      logs: [
        slowLog(
          [
            {
              minutes: 1.55,
              user: "backoffice",
              host: "10.6.9.12",
              thread: 871_004,
              seconds: 9.8,
              sent: 240,
              examined: 388_120,
              sql: "SELECT supplier_id, sum(quantity) FROM stock_moves WHERE moved_at >= '2026-11-01' GROUP BY supplier_id",
            },
            ...lookups,
          ],
          1,
        ),
        mysqlErrorLog(
          [
            mysqlErrorLine(
              212,
              871_330,
              "[Note] [MY-010914] [Server] Aborted connection 871330 to db: 'shop' user: 'webshop' host: '10.6.2.33' (Got timeout reading communication packets).",
            ),
          ],
          212,
        ),
      ],
      alarm: above("CPUUtilization", 90, [99.1, 99.4, 99.2], since - 5),
      way: "probe-failed",
    };
  },
});
