import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { gapped, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { ago, below, instanceOf, nightlyBackup, told } from "../support/outside/described.ts";
import { between } from "../support/outside/recurring.ts";

const gib = 1024 ** 3;
const id = "tickets-maria";
const changed = 560;

export const scenario = defineOutside({
  engine: "mariadb",
  title:
    "Nothing is wrong: the class was made larger in the night as planned, the buffer pool has filled since and free memory is where such a pool leaves it",
  world: (dice) => {
    const filled = dice.number(46, 52);
    return {
      instances: [
        instanceOf(id, {
          Engine: "mariadb",
          EngineVersion: "10.11.10",
          DBInstanceClass: "db.r6g.xlarge",
          AllocatedStorage: 500,
          Iops: 12_000,
          StorageThroughput: 500,
          PerformanceInsightsEnabled: false,
        }),
      ],
      metrics: gapped(
        {
          ...withDays(
            withoutInsights(
              calmRds({
                engine: "mariadb",
                vcpus: 4,
                memoryGib: 32,
                connections: 132,
                cpu: 26,
                iops: 430,
                freeGib: 290,
              }),
            ),
          ),
          // 16 GiB before, of which 2.6 were free; 32 since, and the pool takes 24 of them.
          FreeableMemory: (minutes) =>
            minutes > changed ? 2.6 * gib : (between(changed, filled, 26.4 * gib, 4.7 * gib)(minutes) ?? 0),
          SwapUsage: () => 0,
        },
        changed + 6,
        changed,
      ),
      events: [
        told(id, changed - 1, "configuration change", "Finished applying modification to DB instance class"),
        told(id, changed, "availability", "DB instance restarted"),
        told(id, changed + 6, "availability", "DB instance shutdown"),
        told(id, changed + 7, "configuration change", "Applying modification to database instance class"),
        ...nightlyBackup(id),
      ],
      load: null,
      changes: [
        {
          at: ago(60 * 31).toISOString(),
          source: "cloudtrail",
          subject: id,
          what: "ModifyDBInstance",
          by: "terraform",
          detail: `dBInstanceIdentifier=${id}, dBInstanceClass=db.r6g.xlarge, applyImmediately=false`,
          error: null,
          before: { dBInstanceClass: "db.r6g.large" },
        },
      ],
      alarm: below("FreeableMemory", 5 * gib, [5_363_000_000, 5_330_000_000, 5_290_000_000], filled + 5),
      way: "probe-failed",
    };
  },
});
