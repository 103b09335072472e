import { calmRds } from "../support/outside/calm.ts";
import { byHour, even, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { below, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";

const id = "helpdesk-db";

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "A db.t3.medium of RDS is unlimited: its credit balance is nought as every afternoon, it bursts on surplus credits and costs a little, and nothing is slow",
  world: (dice) => {
    const surplus = dice.number(160, 190);
    const calm = withDays(
      calmRds({ engine: "mysql", vcpus: 2, memoryGib: 4, freeGib: 52, connections: 37, cpu: 33, iops: 150 }),
    );
    return {
      instances: [
        instanceOf(id, {
          Engine: "mysql",
          EngineVersion: "8.0.40",
          DBInstanceClass: "db.t3.medium",
          AllocatedStorage: 80,
          PerformanceInsightsEnabled: true,
          DBName: "helpdesk",
        }),
      ],
      metrics: {
        ...calm,
        CPUUtilization: byHour(33),
        CPUCreditBalance: even(() => 0),
        CPUCreditUsage: usual(3.3),
        CPUSurplusCreditBalance: even(usual(surplus)),
        CPUSurplusCreditsCharged: even(() => 0),
      },
      events: nightlyBackup(id),
      load: loadOf(
        { CPU: 0.5 },
        [
          {
            sql: "SELECT * FROM `tickets` WHERE `queue_id` = ? ORDER BY `updated_at` DESC LIMIT ?",
            waits: { CPU: 0.3 },
          },
        ],
        { helpdesk: 0.5 },
      ),
      alarm: below("CPUCreditBalance", 20, [0, 0, 0], 11),
      way: "probe-failed",
    };
  },
});
