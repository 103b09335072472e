import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { during, gapped, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { instanceOf, nightlyBackup, notice, told } from "../support/outside/described.ts";

const id = "parking-maria";

export const scenario = defineOutside({
  engine: "mariadb",
  title:
    "The host of the primary was replaced and the standby took over within a minute; half an hour later all is as before",
  world: (dice) => {
    const over = dice.number(28, 32);
    const completed = told(id, over, "failover", "Multi-AZ instance failover completed");
    return {
      instances: [
        instanceOf(id, {
          Engine: "mariadb",
          EngineVersion: "10.11.10",
          DBInstanceClass: "db.m6g.large",
          MultiAZ: true,
          AllocatedStorage: 220,
          PerformanceInsightsEnabled: false,
        }),
      ],
      metrics: gapped(
        withoutInsights({
          ...withDays(
            calmRds({
              engine: "mariadb",
              vcpus: 2,
              memoryGib: 8,
              freeGib: 96,
              connections: 118,
              cpu: 33,
              iops: 350,
            }),
          ),
          // Until the pool was warm again.
          ReadIOPS: during(over - 1, over - 10, 890, 140),
          CPUUtilization: during(over - 1, over - 8, 47, 33),
        }),
        over + 1,
        over,
      ),
      events: [
        told(id, over + 1.2, "failover", "Multi-AZ instance failover started."),
        told(id, over + 0.4, "availability", "DB instance restarted"),
        completed,
        told(
          id,
          over - 0.2,
          "notification",
          "The Multi-AZ instance activated in the other Availability Zone.",
        ),
        ...nightlyBackup(id),
      ],
      load: null,
      notice: notice("RDS-EVENT-0049", completed),
      way: "probe-failed",
    };
  },
});
