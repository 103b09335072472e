import { calmRds, calmReader, withoutInsights } from "../support/outside/calm.ts";
import { even, moves, steps, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { below, instanceOf, nightlyBackup, told } from "../support/outside/described.ts";

const gib = 1024 ** 3;
const mib = 1024 ** 2;
const id = "crm-reporting-ro";
const source = "crm-reporting";

const error =
  "Error 1032: Could not execute Update_rows event on table crm.contacts; Can't find record in 'contacts', Error_code: 1032; handler error HA_ERR_KEY_NOT_FOUND; the event's source log mysql-bin-changelog.148211, end_log_pos 8821377";

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "The applier of a replica has stood since the night at a row that is not there; what it still receives fills its volume",
  world: (dice) => {
    const stood = dice.number(655, 665);
    const of = { Engine: "mysql", EngineVersion: "8.0.40", AllocatedStorage: 500 } as const;
    const volume = { Iops: 12_000, StorageThroughput: 500, PerformanceInsightsEnabled: false };
    return {
      instances: [
        instanceOf(id, {
          ...of,
          ...volume,
          DBInstanceClass: "db.r5.xlarge",
          BackupRetentionPeriod: 0,
          ReadReplicaSourceDBInstanceIdentifier: source,
          StatusInfos: [{ StatusType: "read replication", Normal: false, Status: "error", Message: error }],
        }),
        instanceOf(source, {
          ...of,
          ...volume,
          DBInstanceClass: "db.r5.2xlarge",
          MultiAZ: true,
          ReadReplicaDBInstanceIdentifiers: [id],
        }),
      ],
      metrics: withoutInsights({
        ...withDays(
          calmRds({ engine: "mysql", vcpus: 4, memoryGib: 32, connections: 38, cpu: 22, iops: 1240 }),
        ),
        ...calmReader(source, 64),
        [`${source}/FreeStorageSpace`]: usual(171 * gib),
        [`${source}/WriteIOPS`]: usual(820),
        [`${source}/WriteThroughput`]: usual(17e6),
        ReplicaLag: Object.assign((ago: number) => (ago > stood ? 1 : -1), { rough: 0 }),
        // 2.6 MiB of the source's log a second.
        FreeStorageSpace: moves(118 * gib, 16.4 * gib, stood),
        CPUUtilization: steps(22, 7, stood),
        WriteIOPS: steps(740, 96, stood),
        WriteThroughput: steps(15e6, 2.9e6, stood),
        ReadIOPS: steps(480, 210, stood),
        ReadThroughput: steps(8.6e6, 3.8e6, stood),
        DiskQueueDepth: steps(1.5, 0.3, stood),
        BinLogDiskUsage: steps(290 * mib, 1 * mib, stood - 5),
        NetworkReceiveThroughput: even(usual(2.75e6)),
      }),
      events: [told(id, stood - 1, "read replica", "Replication has stopped."), ...nightlyBackup(source)],
      load: null,
      alarm: below("FreeStorageSpace", 25 * gib, [26_833_000_000, 26_679_000_000, 26_514_000_000], 52),
      way: "probe-failed",
    };
  },
});
