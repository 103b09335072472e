import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { type Curve, gapped, steps, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { ago, below, instanceOf, nightlyBackup, told } from "../support/outside/described.ts";

const id = "intranet-wiki-db";
const changed = 66;

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "A t3.medium became a t4g.medium an hour ago and begins without credits, as every new one does; it earns them",
  world: (dice) => {
    const anHour = dice.number(11, 13);
    // 24 credits are earned in an hour; at 10 % of two vCPUs 12 of them are spent.
    const credits: Curve = (at) => (at > changed ? 576 : (anHour * (changed - at)) / 60);
    return {
      instances: [
        instanceOf(id, {
          Engine: "mysql",
          EngineVersion: "8.0.40",
          DBInstanceClass: "db.t4g.medium",
          AllocatedStorage: 60,
          PerformanceInsightsEnabled: false,
        }),
      ],
      metrics: withoutInsights(
        gapped(
          {
            ...withDays(
              calmRds({
                engine: "mysql",
                vcpus: 2,
                memoryGib: 4,
                freeGib: 38,
                connections: 31,
                cpu: 10,
                iops: 60,
              }),
            ),
            CPUCreditBalance: credits,
            CPUSurplusCreditBalance: () => 0,
            FreeableMemory: steps(0.62 * 1024 ** 3, 1.3 * 1024 ** 3, changed),
          },
          changed + 5,
          changed,
        ),
      ),
      events: [
        told(id, changed - 1, "configuration change", "Finished applying modification to DB instance class"),
        told(id, changed, "availability", "DB instance restarted"),
        told(id, changed + 5, "availability", "DB instance shutdown"),
        told(id, changed + 7, "configuration change", "Applying modification to database instance class"),
        ...nightlyBackup(id),
      ],
      changes: [
        {
          at: ago(changed + 12).toISOString(),
          source: "cloudtrail",
          subject: id,
          what: "ModifyDBInstance",
          by: "arn:aws:sts::123456789012:assumed-role/finops/h.lind",
          detail: `dBInstanceIdentifier=${id}, dBInstanceClass=db.t4g.medium, applyImmediately=true`,
          error: null,
          before: { dBInstanceClass: "db.t3.medium" },
        },
      ],
      load: null,
      alarm: below("CPUCreditBalance", 50, [1.1, 2.2, 3.1], 48, "Minimum"),
      way: "probe-failed",
    };
  },
});
