import { calmAurora } from "../support/outside/calm.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, clusterOf, instanceOf } from "../support/outside/described.ts";

const id = "ledger-sv2-1";
const night = 24 * 60;

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "The nightly settlement takes all 16 ACU for half an hour, as every night at ten past, give or take some minutes",
  world: (dice) => {
    const cpu = dice.number(84, 91);
    const late = dice.number(4, 9);
    // It began twelve minutes ago; yesterday and a week ago some minutes later.
    const nightly = (busy: number, calm: number) => (ago: number) => {
      const into = ago < night - 60 ? 12 - ago : 12 - late - (ago % night);
      return into >= 0 || ago % night > night - 30 ? busy : calm;
    };
    return {
      instances: [
        instanceOf(id, {
          Engine: "aurora-mysql",
          EngineVersion: "8.0.mysql_aurora.3.08.2",
          DBInstanceClass: "db.serverless",
          DBClusterIdentifier: "ledger-sv2",
        }),
      ],
      cluster: clusterOf("ledger-sv2", [id], {
        Engine: "aurora-mysql",
        EngineVersion: "8.0.mysql_aurora.3.08.2",
        ServerlessV2ScalingConfiguration: { MinCapacity: 1, MaxCapacity: 16 },
      }),
      metrics: {
        ...calmAurora({ engine: "mysql", vcpus: 4, memoryGib: 32, connections: 40, cpu: 20, iops: 300 }),
        CPUUtilization: nightly(cpu, 14),
        ACUUtilization: nightly(100, 22),
        ServerlessDatabaseCapacity: nightly(16, 3.5),
        DBLoad: nightly(3.4, 0.5),
        DBLoadCPU: nightly(3.1, 0.4),
        DBLoadNonCPU: nightly(0.3, 0.1),
      },
      events: [],
      load: [],
      alarm: above("ACUUtilization", 95, [100, 100, 100], 8, "Maximum"),
      way: "probe-failed",
    };
  },
});
