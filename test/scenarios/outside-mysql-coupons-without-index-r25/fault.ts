import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { even, steps, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, ago, instanceOf, nightlyBackup, told } from "../support/outside/described.ts";
import { slowLog } from "../support/outside/mysql-log.ts";
import { between } from "../support/outside/recurring.ts";

const gib = 1024 ** 3;
const id = "promo-db";

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "A release looks up redeemed coupons by the customer's e-mail, which has no index: each look-up reads the whole table from the cache, and two vCPUs are not enough",
  world: (dice) => {
    const since = dice.number(51, 55);
    const before = withDays(
      withoutInsights(
        calmRds({
          engine: "mysql",
          vcpus: 2,
          memoryGib: 16,
          connections: 84,
          cpu: 31,
          iops: 360,
          freeGib: 95,
        }),
      ),
    );
    const lookUps = Array.from({ length: 26 }, (_, index) => ({
      minutes: 6.4 - index * 0.21,
      user: "promo_api",
      host: index % 3 === 0 ? "10.4.33.9" : "10.4.18.23",
      thread: 882_140 + ((index * 7) % 60),
      seconds: 5.2 + ((index * 37) % 29) / 10,
      sent: index % 4 === 0 ? 2 : 1,
      examined: 1_912_400 + index * 3,
      sql: `SELECT id, coupon_id, redeemed_at FROM coupon_redemptions WHERE customer_email = 'c${40_100 + index}@example.com' AND campaign = 'autumn'`,
    }));
    return {
      instances: [
        instanceOf(id, {
          Engine: "mysql",
          EngineVersion: "8.0.39",
          DBInstanceClass: "db.r6g.large",
          PerformanceInsightsEnabled: false,
        }),
      ],
      metrics: {
        ...before,
        CPUUtilization: even(between(since, since - 7, 31, 99.4)),
        DatabaseConnections: between(since, since - 30, 84, 212),
        FreeableMemory: steps(3.5 * gib, 3.2 * gib, since),
        NetworkTransmitThroughput: steps(2.6e6, 1.9e6, since),
      },
      events: [
        ...nightlyBackup(id),
        told(
          `${id}-params`,
          60 * 24 * 9,
          "configuration change",
          "Updated parameter long_query_time to 2 with apply method immediate",
          "parameter-group",
        ),
      ],
      load: null,
      logs: [
        slowLog(
          [
            {
              minutes: 604,
              user: "rdsadmin",
              host: "localhost",
              thread: 9,
              seconds: 2.4,
              sent: 0,
              examined: 0,
              sql: "FLUSH /*!50500 ENGINE */ LOGS",
            },
            ...lookUps,
          ],
          1,
        ),
      ],
      changes: [
        {
          at: ago(60 * 24 * 9).toISOString(),
          source: "cloudtrail",
          subject: `${id}-params`,
          what: "ModifyDBParameterGroup",
          by: "terraform",
          detail: `dBParameterGroupName=${id}-params, parameters=[{"parameterName":"long_query_time","parameterValue":"2","applyMethod":"immediate"}]`,
          error: null,
        },
      ],
      alarm: above("CPUUtilization", 90, [97.9, 99.3, 99.5], 44),
      way: "probe-failed",
    };
  },
});
