import { calmRds } from "../support/outside/calm.ts";
import { type Curves, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { ago, instanceOf, told } from "../support/outside/described.ts";

const id = "timesheets";
const [stopped, start] = [671, 44];

/** Off at night, every night; today it did not come back. */
function officeHours(curves: Curves): Curves {
  const off = (minutes: number) => {
    const today = minutes % 1440;
    return minutes < stopped || (minutes >= 1440 && today > start && today < stopped);
  };
  return Object.fromEntries(
    Object.entries(curves).map(([name, curve]) => [
      name,
      (minutes: number) => (off(minutes) ? null : curve(minutes)),
    ]),
  );
}

const called = (minutes: number, what: string, error: string | null = null) => ({
  at: ago(minutes).toISOString(),
  source: "cloudtrail" as const,
  subject: id,
  what,
  by: "office-hours-scheduler",
  detail: `dBInstanceIdentifier=${id}`,
  error,
});

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "It is stopped each night and started each morning; this morning its zone has no capacity of its class, and RDS put it back to stopped (real: two incident reports of 2025 and 2026)",
  world: () => ({
    instances: [
      instanceOf(id, {
        Engine: "mysql",
        EngineVersion: "8.0.40",
        DBInstanceClass: "db.t4g.medium",
        DBInstanceStatus: "stopped",
        AvailabilityZone: "eu-central-1b",
        AllocatedStorage: 100,
        PerformanceInsightsEnabled: false,
      }),
    ],
    metrics: officeHours(
      withDays(
        calmRds({ engine: "mysql", vcpus: 2, memoryGib: 4, freeGib: 58, connections: 37, cpu: 22, iops: 90 }),
      ),
    ),
    events: [
      told(id, start - 9, "notification", "DB instance stopped."),
      told(
        id,
        start - 4,
        "failure",
        "Insufficient instance capacity for instance type db.t4g.medium in availability zone eu-central-1b; putting database instance into stopping",
      ),
      told(id, stopped - 6, "notification", "DB instance stopped."),
    ],
    changes: [
      called(17, "StartDBInstance", "InsufficientDBInstanceCapacityFault"),
      called(start, "StartDBInstance"),
      called(stopped, "StopDBInstance"),
    ],
    load: null,
    way: "refused",
  }),
});
