import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { type Curve, usual } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, nightlyBackup } from "../support/outside/described.ts";
import { errorLog, logged } from "../support/outside/postgres-log.ts";

const [source, replica] = ["tender-archive", "tender-archive-read"];

/** Nobody writes: the time since the last commit that was replayed grows until RDS's own heartbeat, each five minutes. */
const sinceTheHeartbeat: Curve = Object.assign((ago: number) => 300 - (Math.floor(ago) % 5) * 60 - 58, {
  rough: 0.01,
});

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "Nobody writes to the source, so the replica's lag is the time since the last heartbeat: a saw of five minutes, as every quiet evening",
  world: (dice) => {
    const fired = dice.number(6, 9);
    const like = {
      Engine: "postgres",
      EngineVersion: "15.10",
      DBInstanceClass: "db.m6g.large",
      AllocatedStorage: 200,
      PerformanceInsightsEnabled: false,
      DBName: "tenders",
    };
    const calm = { engine: "postgres", vcpus: 2, memoryGib: 8, freeGib: 90 } as const;
    const still = {
      ...withoutInsights(calmRds({ ...calm, connections: 9, cpu: 4, iops: 4 })),
      WriteIOPS: usual(1.6),
      WriteThroughput: usual(24_000),
      TransactionLogsGeneration: usual(410),
    };
    return {
      instances: [
        instanceOf(replica, {
          ...like,
          ReadReplicaSourceDBInstanceIdentifier: source,
          BackupRetentionPeriod: 0,
          StatusInfos: [{ StatusType: "read replication", Normal: true, Status: "replicating" }],
        }),
        instanceOf(source, { ...like, ReadReplicaDBInstanceIdentifiers: [replica] }),
      ],
      metrics: {
        ...withoutInsights(calmRds({ ...calm, connections: 14, cpu: 5, iops: 6 })),
        WriteIOPS: usual(1.5),
        WriteThroughput: usual(22_000),
        ReplicaLag: sinceTheHeartbeat,
        OldestReplicationSlotLag: usual(0),
        ...Object.fromEntries(Object.entries(still).map(([name, curve]) => [`${source}/${name}`, curve])),
      },
      events: nightlyBackup(source),
      load: null,
      logs: [
        errorLog(
          [
            logged(24, { pid: 512 }, "LOG:  restartpoint starting: time"),
            logged(
              23.8,
              { pid: 512 },
              "LOG:  restartpoint complete: wrote 2 buffers (0.0%); 0 WAL file(s) added, 0 removed, 1 recycled; write=0.204 s, sync=0.003 s, total=0.214 s; sync files=2, longest=0.002 s, average=0.002 s; distance=65536 kB, estimate=65538 kB",
            ),
            logged(23.8, { pid: 512 }, "LOG:  recovery restart point at 1F/88000110"),
          ],
          23,
        ),
      ],
      alarm: above("ReplicaLag", 120, [122, 182, 242], fired),
      way: "probe-failed",
    };
  },
});
