import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { type Curve, type Curves, moves, until, usual } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { instanceOf, nightlyBackup, notice, told } from "../support/outside/described.ts";

const id = "orders-replica";
const source = "orders-main";
const gib = 1024 ** 3;
const stopped = 5;

const of = {
  Engine: "postgres",
  EngineVersion: "15.8",
  DBInstanceClass: "db.r6g.xlarge",
  Iops: 12_000,
  StorageThroughput: 500,
  PerformanceInsightsEnabled: false,
};

const free: Curve = (ago) => (ago < stopped ? 0.02 * gib : moves(23 * gib, 0.02 * gib, 900)(ago - stopped));

/** Nothing that the server itself tells comes any more; what the volume tells does. */
function silent(curves: Curves): Curves {
  return Object.fromEntries(
    Object.entries(curves).map(([name, curve]) =>
      /Connections|TransactionIDs|TransactionLogs/.test(name) ? [name, until(stopped, curve)] : [name, curve],
    ),
  );
}

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "The source was grown by its autoscaling at night, its replica has none: 400 GiB are full and the replica is down",
  world: (dice) => {
    const told89 = dice.number(110, 170);
    const full = told(
      id,
      4,
      "low storage",
      "Allocated storage has been exhausted. Allocate additional storage to resolve.",
    );
    return {
      instances: [
        instanceOf(id, {
          ...of,
          DBInstanceStatus: "storage-full",
          AllocatedStorage: 400,
          BackupRetentionPeriod: 0,
          ReadReplicaSourceDBInstanceIdentifier: source,
          StatusInfos: [
            {
              StatusType: "read replication",
              Normal: false,
              Status: "error",
              Message: "Replication has stopped.",
            },
          ],
        }),
        instanceOf(source, {
          ...of,
          MultiAZ: true,
          AllocatedStorage: 440,
          MaxAllocatedStorage: 1000,
          ReadReplicaDBInstanceIdentifiers: [id],
        }),
      ],
      metrics: {
        ...silent(
          withoutInsights(
            calmRds({ engine: "postgres", vcpus: 4, memoryGib: 32, connections: 62, cpu: 24, iops: 520 }),
          ),
        ),
        FreeStorageSpace: free,
        ReplicaLag: until(stopped, usual(0.4)),
        CPUUtilization: (ago) => (ago < stopped ? 2.1 : usual(24)(ago)),
        ReadIOPS: (ago) => (ago < stopped ? 1 : usual(208)(ago)),
        WriteIOPS: (ago) => (ago < stopped ? 1 : usual(312)(ago)),
        ReadThroughput: (ago) => (ago < stopped ? 4096 : usual(208 * 18_000)(ago)),
        WriteThroughput: (ago) => (ago < stopped ? 8192 : usual(312 * 21_000)(ago)),
        [`${source}/CPUUtilization`]: usual(37),
        [`${source}/DatabaseConnections`]: usual(144),
        [`${source}/FreeableMemory`]: usual(7.4 * gib),
        [`${source}/WriteIOPS`]: usual(410),
        [`${source}/WriteThroughput`]: usual(410 * 21_000),
      },
      events: [
        full,
        told(
          id,
          told89,
          "low storage",
          "The free storage capacity for DB instance: orders-replica is low at 1% of the provisioned storage [Provisioned Storage: 391.60 GB, Free Storage: 3.91 GB]. You might want to increase the provisioned storage to address this issue.",
        ),
        told(
          source,
          902,
          "configuration change",
          "Finished applying autoscaling-initiated modification to allocated storage.",
        ),
        ...nightlyBackup(source),
      ],
      load: null,
      notice: notice("RDS-EVENT-0007", full),
      way: "refused",
    };
  },
});
