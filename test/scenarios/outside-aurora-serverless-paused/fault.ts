import { calmAurora } from "../support/outside/calm.ts";
import type { Curves } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { clusterOf, instanceOf, told } from "../support/outside/described.ts";

const id = "preview-1";

const instances = [
  instanceOf(id, {
    Engine: "aurora-postgresql",
    EngineVersion: "16.8",
    DBInstanceClass: "db.serverless",
    DBClusterIdentifier: "preview",
  }),
];

const cluster = clusterOf("preview", [id], {
  Engine: "aurora-postgresql",
  EngineVersion: "16.8",
  ServerlessV2ScalingConfiguration: { MinCapacity: 0, MaxCapacity: 8, SecondsUntilAutoPause: 1800 },
});

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "Serverless v2 with a minimum of 0 ACU sleeps since nobody came for half an hour; the first knock is not answered in time",
  world: (dice) => {
    const minutes = dice.number(33, 52);
    const { FreeLocalStorage, ...calm } = calmAurora({
      engine: "postgres",
      vcpus: 2,
      memoryGib: 16,
      connections: 9,
      cpu: 12,
      iops: 60,
    });
    const asleep: Curves = Object.fromEntries(
      Object.entries(calm).map(([name, curve]) => [name, (ago: number) => (ago < minutes ? 0 : curve(ago))]),
    );
    return {
      instances,
      cluster,
      metrics: {
        ...asleep,
        // No memory is there to be free, and no load is counted.
        FreeableMemory: (ago) => (ago < minutes ? null : 3.5e9),
        DBLoad: (ago) => (ago < minutes ? null : 0.1),
        DBLoadCPU: (ago) => (ago < minutes ? null : 0.1),
        DBLoadNonCPU: (ago) => (ago < minutes ? null : 0),
        EngineUptime: (ago) => (ago < minutes ? null : 90_000),
        BufferCacheHitRatio: (ago) => (ago < minutes ? null : 99.9),
        VolumeBytesUsed: (ago) => 21e9 - ago,
        ServerlessDatabaseCapacity: (ago) => (ago < minutes ? 0 : 1.5),
        ACUUtilization: (ago) => (ago < minutes ? 0 : 19),
      },
      events: [told(id, minutes, "notification", "The DB instance was paused.")],
      load: [],
      way: "silent",
    };
  },
});
