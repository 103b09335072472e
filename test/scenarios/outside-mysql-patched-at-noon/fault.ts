import { calmRds } from "../support/outside/calm.ts";
import { type Curves, until } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { ago, below, instanceOf, nightlyBackup, told } from "../support/outside/described.ts";

const id = "warehouse-db";

function stoppedFor(minutes: number, curves: Curves): Curves {
  return Object.fromEntries(Object.entries(curves).map(([name, curve]) => [name, until(minutes, curve)]));
}

export const scenario = defineOutside({
  engine: "mysql",
  title: "RDS applies a forced patch to the operating system of a Single-AZ instance by day: nobody gets in",
  world: (dice) => ({
    instances: [
      instanceOf(id, {
        Engine: "mysql",
        EngineVersion: "8.0.40",
        DBInstanceClass: "db.m6g.xlarge",
        DBInstanceStatus: "maintenance",
      }),
    ],
    maintenance: [
      {
        resource: id,
        action: "system-update",
        description: "New Operating System update is available",
        optIn: "immediate",
        autoAppliedAfter: null,
        forcedAt: ago(6).toISOString(),
        appliesAt: ago(6).toISOString(),
      },
    ],
    metrics: stoppedFor(
      5,
      calmRds({
        engine: "mysql",
        vcpus: 4,
        memoryGib: 16,
        freeGib: 91,
        connections: dice.number(118, 131),
        cpu: 37,
        iops: 510,
      }),
    ),
    events: [
      told(id, 5, "availability", "DB instance shutdown"),
      told(id, 6, "maintenance", "Applying off-line patches to DB instance"),
      ...nightlyBackup(id),
    ],
    load: [],
    alarm: below("DatabaseConnections", 5, [0, 0, 0], 2),
    way: "refused",
  }),
});
