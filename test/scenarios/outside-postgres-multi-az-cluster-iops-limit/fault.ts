import { calmRds } from "../support/outside/calm.ts";
import { even, steps } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, clusterOf, instanceOf, loadOf } from "../support/outside/described.ts";

const members = ["warehouse-instance-1", "warehouse-instance-2", "warehouse-instance-3"] as const;
const storage = { AllocatedStorage: 400, StorageType: "io1", Iops: 3000 };
const of = {
  Engine: "postgres",
  EngineVersion: "16.6",
  DBInstanceClass: "db.m6gd.2xlarge",
  DBClusterIdentifier: "warehouse",
  ...storage,
};

const cluster = clusterOf("warehouse", members, {
  Engine: "postgres",
  EngineVersion: "16.6",
  DBClusterInstanceClass: "db.m6gd.2xlarge",
  ...storage,
});

const load = loadOf(
  { "IO:DataFileRead": 27, "IO:WALSync": 11, "LWLock:WALWrite": 4.6, CPU: 1.9 },
  [
    {
      sql: "SELECT sum(qty) FROM movements WHERE warehouse_id = ? AND moved_at > ?",
      waits: { "IO:DataFileRead": 26, CPU: 0.9 },
    },
    { sql: "COMMIT", waits: { "IO:WALSync": 11, "LWLock:WALWrite": 4.6 } },
  ],
  { wms: 18, planner: 27 },
);

const calm = calmRds({
  engine: "postgres",
  vcpus: 8,
  memoryGib: 32,
  freeGib: 210,
  connections: 120,
  cpu: 26,
  iops: 1300,
});

export const scenario = defineOutside({
  engine: "postgres",
  title: "A Multi-AZ DB cluster at its 3,000 provisioned IOPS: latency and queue are up, the CPU idles",
  world: (dice) => {
    const latency = dice.number(38, 57) / 1000;
    const reader = (name: string) => ({
      [`${name}/CPUUtilization`]: () => 19,
      [`${name}/DatabaseConnections`]: () => 12,
      [`${name}/FreeableMemory`]: () => 7.4e9,
      [`${name}/DBLoad`]: () => 0.4,
      [`${name}/ReplicaLag`]: () => 2.1,
    });
    return {
      instances: members.map((id) => instanceOf(id, of)),
      cluster,
      metrics: {
        ...calm,
        FreeLocalStorage: () => 440e9,
        // Together at what is provisioned, where they never were before.
        ReadIOPS: even((ago) => (ago > 26 ? 520 : 1462)),
        WriteIOPS: even((ago) => (ago > 26 ? 780 : 1534)),
        ReadLatency: steps(0.0007, latency * 0.6, 26),
        WriteLatency: steps(0.0015, latency, 26),
        DiskQueueDepth: steps(1.6, 108, 26),
        DBLoad: steps(2, 46, 26),
        DBLoadCPU: steps(1.6, 1.9, 26),
        DBLoadNonCPU: steps(0.5, 44, 26),
        ...reader(members[1]),
        ...reader(members[2]),
      },
      events: [],
      load,
      alarm: above("WriteLatency", 0.02, [latency, latency], 22),
      way: "probe-failed",
    };
  },
});
