import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { even, moves, steps, usual } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, nightlyBackup, told } from "../support/outside/described.ts";

const id = "listings-db";
const minutes = 26;

export const scenario = defineOutside({
  engine: "mariadb",
  title: "Reads fill the 5,000 I/Os a second of an io1 volume; nobody sees by which statement",
  world: (dice) => {
    const writes = dice.number(640, 720);
    return {
      instances: [
        instanceOf(id, {
          Engine: "mariadb",
          EngineVersion: "10.11.8",
          DBInstanceClass: "db.r5.2xlarge",
          MultiAZ: true,
          AllocatedStorage: 800,
          StorageType: "io1",
          Iops: 5000,
          StorageThroughput: 0,
          PerformanceInsightsEnabled: false,
        }),
      ],
      metrics: withoutInsights({
        ...calmRds({
          engine: "mariadb",
          vcpus: 8,
          memoryGib: 64,
          freeGib: 268,
          connections: 150,
          cpu: 33,
          iops: 1500,
        }),
        ReadIOPS: even(steps(900, 4990 - writes, minutes)),
        WriteIOPS: even(steps(600, writes, minutes)),
        ReadThroughput: even(steps(900 * 16_384, (4990 - writes) * 16_384, minutes)),
        WriteThroughput: steps(600 * 21_000, writes * 21_000, minutes),
        ReadLatency: steps(0.0006, 0.0088, minutes),
        WriteLatency: steps(0.0011, 0.0079, minutes),
        DiskQueueDepth: steps(1.3, 43, minutes),
        CPUUtilization: steps(33, 29, minutes),
        DatabaseConnections: moves(150, 214, minutes),
        FreeableMemory: usual(7.8 * 1024 ** 3),
      }),
      events: [
        told(
          id,
          212,
          "configuration change",
          "Updated parameter slow_query_log to 1 with apply method immediate",
        ),
        ...nightlyBackup(id),
      ],
      load: null,
      alarm: above("DiskQueueDepth", 20, [38.2, 44.9, 41.7], 22),
      way: "probe-failed",
    };
  },
});
