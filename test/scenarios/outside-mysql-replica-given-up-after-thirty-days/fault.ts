import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { type Curve, turns, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { ago, instanceOf, nightlyBackup, notice, told } from "../support/outside/described.ts";
import { mysqlErrorLine, mysqlErrorLog } from "../support/outside/mysql-log.ts";

const [source, replica] = ["orders-prod", "orders-reporting"];
const gib = 1024 ** 3;
const like = {
  Engine: "mysql",
  EngineVersion: "8.0.39",
  AllocatedStorage: 1200,
  Iops: 12_000,
  StorageThroughput: 500,
  PerformanceInsightsEnabled: false,
};

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "The replica had stood in error for thirty days without anybody looking; RDS has now ended its replication for good: the reports are a month old, and the replica has to be made anew",
  world: (dice) => {
    const ended = dice.number(24, 28);
    const told57 = told(replica, ended, "read replica", "Replication streaming has been terminated.");
    const ofSource = {
      ...withDays(
        withoutInsights(
          calmRds({
            engine: "mysql",
            vcpus: 8,
            memoryGib: 64,
            freeGib: 402,
            connections: 231,
            cpu: 34,
            iops: 1500,
          }),
        ),
      ),
      FreeStorageSpace: turns(usual(306 * gib), ended - 2, 402 * gib),
      BinLogDiskUsage: turns(usual(96.4 * gib), ended - 2, 0.6 * gib),
    };
    const none: Curve = (minutes) => (minutes > ended ? -1 : null);
    return {
      instances: [
        instanceOf(replica, {
          ...like,
          DBInstanceClass: "db.r6g.xlarge",
          ReadReplicaSourceDBInstanceIdentifier: source,
          StatusInfos: [
            {
              StatusType: "read replication",
              Normal: false,
              Status: "terminated",
              Message:
                "Replication has been terminated because it was stopped for more than 30 consecutive days.",
            },
          ],
          BackupRetentionPeriod: 0,
        }),
        instanceOf(source, {
          ...like,
          DBInstanceClass: "db.r6g.2xlarge",
          MultiAZ: true,
          ReadReplicaDBInstanceIdentifiers: [replica],
        }),
      ],
      metrics: {
        ...withDays(
          withoutInsights(
            calmRds({
              engine: "mysql",
              vcpus: 4,
              memoryGib: 32,
              freeGib: 388,
              connections: 22,
              cpu: 24,
              iops: 400,
            }),
          ),
        ),
        WriteIOPS: usual(6),
        WriteThroughput: usual(61_000),
        ReplicaLag: Object.assign(none, { rough: 0 }),
        ...Object.fromEntries(Object.entries(ofSource).map(([name, curve]) => [`${source}/${name}`, curve])),
      },
      events: [told57, ...nightlyBackup(source)],
      load: null,
      logs: [
        mysqlErrorLog(
          [
            mysqlErrorLine(
              ended + 61,
              9120,
              "[Note] [MY-010914] [Server] Aborted connection 9120 to db: 'orders' user: 'bi' host: '10.9.4.18' (Got an error reading communication packets).",
            ),
          ],
          ended + 61,
        ),
      ],
      changes: [
        {
          at: ago(1180).toISOString(),
          source: "cloudtrail",
          subject: source,
          what: "ModifyDBInstance",
          by: "terraform",
          detail: `dBInstanceIdentifier=${source}, backupRetentionPeriod=14, applyImmediately=true`,
          error: null,
        },
      ],
      notice: notice("RDS-EVENT-0057", told57),
      way: "probe-failed",
    };
  },
});
