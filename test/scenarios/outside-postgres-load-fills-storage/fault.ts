import { calmRds } from "../support/outside/calm.ts";
import { during, moves, until, usual } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { instanceOf, nightlyBackup, notice, told } from "../support/outside/described.ts";

const gib = 1024 ** 3;
const id = "catalogue-prod";

const instances = [
  instanceOf(id, { Engine: "postgres", EngineVersion: "16.8", DBInstanceStatus: "storage-full" }),
];

const exhausted = told(
  id,
  3.2,
  "low storage",
  "Allocated storage has been exhausted. Allocate additional storage to resolve.",
);

const low = told(
  id,
  9,
  "low storage",
  `The free storage capacity for DB instance: ${id} is low at 9% of the provisioned storage [Provisioned Storage: 196.73 GB, Free Storage: 18.42 GB]. You may want to increase the provisioned storage to address this issue.`,
);

export const scenario = defineOutside({
  engine: "postgres",
  title: "A bulk load has filled the volume; the server has stopped and nobody gets in any more",
  world: (dice) => {
    const free = dice.number(38, 52);
    const calm = calmRds({
      engine: "postgres",
      vcpus: 2,
      memoryGib: 16,
      freeGib: free,
      connections: 84,
      cpu: 31,
      iops: 240,
    });
    return {
      instances,
      metrics: {
        ...calm,
        // 62 MB/s for a quarter of an hour; the engine went down four minutes ago.
        FreeStorageSpace: (ago) => (ago <= 4 ? 0 : moves(free * gib, 0, 17)(ago)),
        WriteThroughput: during(17, 4, 62e6, 3.1e6),
        WriteIOPS: during(17, 4, 980, 150),
        WriteLatency: during(17, 4, 0.0041, 0.0014),
        NetworkReceiveThroughput: during(17, 4, 33e6, 0.7e6),
        TransactionLogsDiskUsage: during(17, 0, 3.9 * gib, 1.1 * gib),
        CPUUtilization: (ago) => (ago < 4 ? 2.6 : during(17, 4, 52, 31)(ago)),
        DatabaseConnections: (ago) => (ago < 4 ? 0 : usual(84)(ago)),
        DBLoad: until(4, during(17, 4, 3.4, 0.6)),
        DBLoadCPU: until(4, during(17, 4, 0.9, 0.4)),
        DBLoadNonCPU: until(4, during(17, 4, 2.5, 0.2)),
        MaximumUsedTransactionIDs: until(4, usual(214e6)),
      },
      events: [exhausted, low, ...nightlyBackup(id)],
      load: [],
      notice: notice("RDS-EVENT-0007", exhausted),
      way: "refused",
    };
  },
});
