import { calmAurora, withoutInsights } from "../support/outside/calm.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, clusterOf, instanceOf } from "../support/outside/described.ts";
import { eachHour } from "../support/outside/recurring.ts";

const id = "rollups-1";
const cluster = "rollups";

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "At every full hour the jobs of all tenants begin at once: four minutes of full CPU, and then it is quiet",
  world: (dice) => {
    const began = dice.number(12, 14);
    const jobs = (inside: number, outside: number) => eachHour(began, 4, inside, outside);
    return {
      instances: [
        instanceOf(id, {
          Engine: "aurora-postgresql",
          EngineVersion: "16.8",
          DBInstanceClass: "db.r6i.large",
          DBClusterIdentifier: cluster,
          PerformanceInsightsEnabled: false,
        }),
      ],
      cluster: clusterOf(cluster, [id], {
        Engine: "aurora-postgresql",
        EngineVersion: "16.8",
        MultiAZ: false,
      }),
      metrics: withoutInsights({
        ...calmAurora({ engine: "postgres", vcpus: 2, memoryGib: 16, connections: 66, cpu: 32, iops: 310 }),
        CPUUtilization: jobs(91, 32),
        DatabaseConnections: jobs(98, 66),
        ReadIOPS: jobs(690, 124),
        WriteIOPS: jobs(520, 186),
        ReadThroughput: jobs(12.4e6, 2.2e6),
        WriteThroughput: jobs(11e6, 3.9e6),
        DiskQueueDepth: jobs(1.6, 0.4),
        NetworkReceiveThroughput: jobs(1.2e6, 0.6e6),
        CommitThroughput: jobs(430, 210),
      }),
      events: [],
      load: null,
      alarm: { ...above("CPUUtilization", 80, [89.7, 91.4], began - 2), state: "OK" },
      way: "probe-failed",
    };
  },
});
