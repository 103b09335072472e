import { calmRds } from "../support/outside/calm.ts";
import { gapped, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { instanceOf, nightlyBackup, notice, told } from "../support/outside/described.ts";

const id = "erp-mysql";
const shutdown = told(id, 4.6, "availability", "DB instance shutdown");

export const scenario = defineOutside({
  engine: "mysql",
  title: "A larger class is applied in the maintenance window: one zone only, so that it is down meanwhile",
  world: (dice) => ({
    instances: [
      instanceOf(id, {
        Engine: "mysql",
        EngineVersion: "8.0.35",
        DBInstanceClass: "db.r5.large",
        DBInstanceStatus: "modifying",
        PendingModifiedValues: { DBInstanceClass: "db.r6g.xlarge" },
        AllocatedStorage: 300,
        LatestRestorableTime: new Date(Date.now() - 8 * 60_000),
      }),
    ],
    metrics: gapped(
      withDays(
        calmRds({
          engine: "mysql",
          vcpus: 2,
          memoryGib: 16,
          freeGib: 118,
          connections: dice.number(118, 134),
          cpu: 57,
          iops: 520,
        }),
      ),
      4.8,
      0,
    ),
    events: [
      shutdown,
      told(id, 6.4, "configuration change", "Applying modification to database instance class"),
      ...nightlyBackup(id),
    ],
    load: [],
    notice: notice("RDS-EVENT-0004", shutdown),
    way: "dropped",
  }),
});
