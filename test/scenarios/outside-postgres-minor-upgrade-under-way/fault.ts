import { calmRds } from "../support/outside/calm.ts";
import { type Curve, steps } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { ago, below, instanceOf, nightlyBackup, told } from "../support/outside/described.ts";

const id = "partner-portal";
const days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] as const;

/** The window of half an hour that began so many minutes ago. */
function windowSince(minutes: number): string {
  const at = (when: Date) => `${days[when.getUTCDay()]}:${when.toISOString().slice(11, 16)}`;
  return `${at(ago(minutes))}-${at(ago(minutes - 30))}`;
}

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "The minor upgrade of a single instance has begun in its window: nobody gets in, and the alarm rings",
  world: (dice) => {
    const down = dice.number(4, 5);
    const calm = calmRds({
      engine: "postgres",
      vcpus: 2,
      memoryGib: 8,
      freeGib: 64,
      connections: 47,
      cpu: 22,
      iops: 140,
    });
    const until =
      (curve: Curve): Curve =>
      (ago) =>
        ago > down ? curve(ago) : null;
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "16.8",
          DBInstanceClass: "db.t4g.large",
          DBInstanceStatus: "upgrading",
          AllocatedStorage: 100,
          PreferredMaintenanceWindow: windowSince(down + 5),
          PendingModifiedValues: { EngineVersion: "16.10" },
        }),
      ],
      maintenance: [
        {
          resource: id,
          action: "db-upgrade",
          description: "Automatic minor version upgrade to postgres 16.10",
          optIn: null,
          autoAppliedAfter: ago(down + 5).toISOString(),
          forcedAt: null,
          appliesAt: ago(down + 5).toISOString(),
        },
      ],
      metrics: {
        ...Object.fromEntries(Object.entries(calm).map(([name, curve]) => [name, until(curve)])),
        CPUCreditBalance: until(() => 864),
        CPUSurplusCreditBalance: until(() => 0),
        CPUUtilization: steps(22, 6, down),
        DatabaseConnections: (ago) => (ago > down ? 47 : ago > 2 ? 0 : null),
      },
      events: [
        ...nightlyBackup(id),
        told(id, down + 2, "backup", "Backing up DB instance"),
        told(id, down + 0.6, "backup", "Finished DB Instance backup"),
        told(id, down + 0.2, "maintenance", "The downtime started for the DB instance."),
        told(id, down, "availability", "DB instance shutdown"),
        told(id, down, "maintenance", "The engine version upgrade started."),
      ],
      load: [],
      alarm: below("DatabaseConnections", 1, [0, 0], 2),
      way: "refused",
    };
  },
});
