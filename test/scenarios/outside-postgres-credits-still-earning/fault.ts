import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { type Curve, steps, usual } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { ago, below, instanceOf, nightlyBackup, told } from "../support/outside/described.ts";

const id = "forms-db";
const gib = 1024 ** 3;
/** 24 an hour are earned by two vCPUs of the class, 9 % of both use 10.8. */
const aMinute = (24 - 10.8) / 60;
const credits: Curve = (minutes) => (minutes > 112 ? 576 : aMinute * (112 - minutes));

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "Moved to db.t4g.medium two hours ago: its credits began at none, and it earns more than it uses, 24 by now",
  world: (dice) => ({
    instances: [
      instanceOf(id, {
        Engine: "postgres",
        EngineVersion: "16.3",
        DBInstanceClass: "db.t4g.medium",
        AllocatedStorage: 80,
        PerformanceInsightsEnabled: false,
      }),
    ],
    metrics: withoutInsights({
      ...calmRds({
        engine: "postgres",
        vcpus: 2,
        memoryGib: 4,
        freeGib: 52,
        connections: 33,
        cpu: 9,
        iops: 60,
      }),
      CPUUtilization: usual(dice.number(88, 92) / 10),
      CPUCreditBalance: credits,
      CPUCreditUsage: usual(0.9),
      CPUSurplusCreditBalance: () => 0,
      CPUSurplusCreditsCharged: () => 0,
      FreeableMemory: steps(1.02 * gib, 1.31 * gib, 112),
    }),
    events: [
      told(id, 110, "configuration change", "Finished applying modification to DB instance class"),
      told(id, 113, "availability", "DB instance restarted"),
      told(id, 117, "availability", "DB instance shutdown"),
      told(id, 125, "configuration change", "Applying modification to database instance class"),
      ...nightlyBackup(id),
    ],
    load: null,
    changes: [
      {
        at: ago(127).toISOString(),
        source: "cloudtrail",
        subject: id,
        what: "ModifyDBInstance",
        by: "terraform-deploy",
        detail: `dBInstanceIdentifier=${id}, dBInstanceClass=db.t4g.medium, applyImmediately=true`,
        error: null,
        before: { dBInstanceClass: "db.t3.medium" },
      },
    ],
    alarm: below("CPUCreditBalance", 50, [3.3], 95),
    way: "probe-failed",
  }),
});
