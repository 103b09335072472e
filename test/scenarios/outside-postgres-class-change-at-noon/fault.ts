import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { ago, instanceOf, nightlyBackup, notice, told } from "../support/outside/described.ts";
import { serverSilent } from "../support/outside/server-stopped.ts";

const id = "tenants-eu";

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "A change of class that should have waited for the night is applied at once, and there is no standby",
  world: (dice) => {
    const applied = dice.number(5, 7);
    const down = told(id, applied - 2, "availability", "DB instance shutdown");
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "17.4",
          DBInstanceClass: "db.r6g.large",
          DBInstanceStatus: "modifying",
          PendingModifiedValues: { DBInstanceClass: "db.r6g.xlarge" },
          PerformanceInsightsEnabled: false,
          AllocatedStorage: 150,
        }),
      ],
      metrics: serverSilent(
        withoutInsights(
          calmRds({
            engine: "postgres",
            vcpus: 2,
            memoryGib: 16,
            freeGib: 69,
            connections: 97,
            cpu: 52,
            iops: 510,
          }),
        ),
        applied - 3,
      ),
      events: [
        down,
        told(id, applied, "configuration change", "Applying modification to database instance class"),
        ...nightlyBackup(id),
      ],
      changes: [
        {
          at: ago(applied + 2).toISOString(),
          source: "cloudtrail",
          subject: id,
          what: "ModifyDBInstance",
          by: "terraform-ci",
          detail: "dBInstanceClass=db.r6g.xlarge, applyImmediately=true",
          error: null,
        },
      ],
      load: null,
      notice: notice("RDS-EVENT-0004", down),
      way: "refused",
    };
  },
});
