import { calmAurora, calmReader } from "../support/outside/calm.ts";
import { during } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, clusterOf, instanceOf } from "../support/outside/described.ts";

const ids = ["accounts-1", "accounts-2"] as const;
const of = {
  Engine: "aurora-mysql",
  EngineVersion: "8.0.mysql_aurora.3.08.2",
  DBInstanceClass: "db.r6g.2xlarge",
  DBClusterIdentifier: "accounts",
};

export const scenario = defineOutside({
  engine: "mysql",
  title: "Three minutes of much CPU and load ten minutes ago, and all is as usual again: the alarm is OK",
  world: (dice) => {
    const peak = dice.number(93, 98);
    return {
      instances: ids.map((id) => instanceOf(id, of)),
      cluster: clusterOf("accounts", ids, {
        Engine: "aurora-mysql",
        EngineVersion: "8.0.mysql_aurora.3.08.2",
      }),
      metrics: {
        ...calmAurora({ engine: "mysql", vcpus: 8, memoryGib: 64, connections: 130, cpu: 27, iops: 500 }),
        CPUUtilization: during(12, 9, peak, 27),
        DBLoad: during(12, 9, 21, 2.1),
        DBLoadCPU: during(12, 9, 17, 1.7),
        DBLoadNonCPU: during(12, 9, 4, 0.4),
        SelectLatency: during(12, 9, 7, 0.6),
        ...calmReader(ids[1], 64),
      },
      events: [],
      load: [],
      alarm: { ...above("CPUUtilization", 85, [94, 95], 10), state: "OK" },
      way: "probe-failed",
    };
  },
});
