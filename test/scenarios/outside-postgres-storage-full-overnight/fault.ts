import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { moves, steps, until, usual } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { below, instanceOf, nightlyBackup, told } from "../support/outside/described.ts";
import { jumps } from "../support/outside/server-stopped.ts";

const id = "ticketing-prod";
const gib = 1024 ** 3;

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "100 GiB without autoscaling filled in fifteen hours, and the server stopped; two alarms came hours apart",
  world: (dice) => {
    const stopped = dice.number(21, 27);
    const calm = calmRds({
      engine: "postgres",
      vcpus: 2,
      memoryGib: 4,
      freeGib: 11,
      connections: 48,
      cpu: 21,
      iops: 240,
    });
    const full = (ago: number) => Math.max(0.014 * gib, Number(moves(11 * gib, 0, 900)(ago - stopped)));
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "15.10",
          DBInstanceClass: "db.t4g.medium",
          DBInstanceStatus: "storage-full",
          AllocatedStorage: 100,
          PerformanceInsightsEnabled: false,
          MonitoringInterval: 0,
        }),
      ],
      maintenance: [
        {
          resource: id,
          action: "system-update",
          description: "New Operating System update is available",
          optIn: null,
          autoAppliedAfter: null,
          forcedAt: null,
          appliesAt: null,
        },
      ],
      // The host goes on and is measured; there is no server on it.
      metrics: withoutInsights({
        ...calm,
        FreeStorageSpace: Object.assign(full, { rough: 0 }),
        DatabaseConnections: jumps(48, stopped, 0),
        CPUUtilization: steps(21, 2.4, stopped),
        FreeableMemory: steps(0.88 * gib, 2.9 * gib, stopped),
        ReadIOPS: steps(96, 0.6, stopped),
        WriteIOPS: steps(144, 1.3, stopped),
        ReadThroughput: steps(1.7e6, 3100, stopped),
        WriteThroughput: steps(3.1e6, 9400, stopped),
        DiskQueueDepth: steps(0.29, 0.001, stopped),
        NetworkReceiveThroughput: steps(4.3e5, 900, stopped),
        NetworkTransmitThroughput: steps(1.5e6, 2300, stopped),
        MaximumUsedTransactionIDs: until(stopped, usual(91e6)),
        TransactionLogsDiskUsage: until(stopped, usual(1.1 * gib)),
      }),
      events: [
        told(
          id,
          stopped - 1,
          "low storage",
          "Allocated storage has been exhausted. Allocate additional storage to resolve.",
        ),
        told(
          id,
          stopped + 140,
          "low storage",
          `The free storage capacity for DB instance: ${id} is low at 2% of the provisioned storage [Provisioned Storage: 97.87 GB, Free Storage: 1.71 GB]. You might want to increase the provisioned storage to address this issue.`,
        ),
        ...nightlyBackup(id),
      ],
      load: null,
      alarm: below("FreeStorageSpace", 5 * gib, [5.36e9, 5.35e9, 5.34e9], stopped + 410),
      alsoAlarms: [below("DatabaseConnections", 1, [0, 0, 0], stopped - 4)],
      way: "refused",
    };
  },
});
