import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { gapped, steps } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { ago, instanceOf, notice, told } from "../support/outside/described.ts";

const id = "tickets-prod";

/** ddd:hh24:mi, as RDS writes a window. */
function weekTime(minutesAgo: number): string {
  const at = ago(minutesAgo);
  const day = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"][at.getUTCDay()];
  return `${day}:${at.toISOString().slice(11, 16)}`;
}

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "The operating system was patched in its window with a failover of a minute, an hour ago; all work goes on",
  world: (dice) => {
    const moved = dice.number(54, 59);
    const failedOver = told(id, moved - 1, "failover", "Multi-AZ instance failover completed");
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "15.10",
          DBInstanceClass: "db.m6g.xlarge",
          MultiAZ: true,
          AllocatedStorage: 300,
          PreferredMaintenanceWindow: `${weekTime(moved + 12)}-${weekTime(moved - 18)}`,
          PerformanceInsightsEnabled: false,
        }),
      ],
      metrics: gapped(
        {
          ...withoutInsights(
            calmRds({
              engine: "postgres",
              vcpus: 4,
              memoryGib: 16,
              connections: 133,
              cpu: 21,
              iops: 410,
              freeGib: 131,
            }),
          ),
          FreeableMemory: steps(3.5 * 1024 ** 3, 4.6 * 1024 ** 3, moved),
        },
        moved,
        moved - 1,
      ),
      events: [
        told(id, moved - 6, "maintenance", "Finished applying off-line patches to DB instance"),
        failedOver,
        told(id, moved, "availability", "DB instance restarted"),
        told(id, moved, "failover", "Multi-AZ instance failover started."),
        told(id, moved + 8, "maintenance", "Applying off-line patches to DB instance"),
        told(id, moved + 190, "backup", "Finished DB Instance backup"),
        told(id, moved + 199, "backup", "Backing up DB instance"),
      ],
      notice: notice("RDS-EVENT-0049", failedOver),
      way: "probe-failed",
    };
  },
});
