import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import type { Curve } from "../support/outside/curves.ts";
import { atTheseHours } from "../support/outside/days-apart.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, nightlyBackup } from "../support/outside/described.ts";
import { errorLog, logged } from "../support/outside/postgres-log.ts";

const [source, replica] = ["intranet-prod", "intranet-reports"];
const mib = 1024 ** 2;
const like = {
  Engine: "postgres",
  EngineVersion: "15.8",
  DBInstanceClass: "db.t4g.large",
  AllocatedStorage: 100,
  PerformanceInsightsEnabled: false,
};
const calm = { engine: "postgres", vcpus: 2, memoryGib: 8, freeGib: 61 } as const;

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "Nothing is wrong: nobody writes at night, so the replica has nothing to replay and its lag counts up to five minutes and back, as every night",
  world: (dice) => {
    const quiet = dice.number(190, 200);
    const night = (idle: number, busy: number) => atTheseHours(quiet, 480, idle, busy);
    const isNight = night(1, 0);
    // Counts the seconds since the last commit that was replayed; each five minutes a new WAL file brings one.
    const lag: Curve = (minutes) => (isNight(minutes) === 1 ? ((((7 - minutes) % 5) + 5) % 5) * 60 : 0.6);
    const curves = (cpu: number, connections: number) => ({
      ...withoutInsights(calmRds({ ...calm, connections, cpu, iops: 160 })),
      CPUUtilization: night(3, cpu),
      DatabaseConnections: night(Math.round(connections / 4), connections),
      ReadIOPS: night(0.4, 60),
      WriteIOPS: night(2.1, 96),
      ReadThroughput: night(9000, 1.1e6),
      WriteThroughput: night(31_000, 2e6),
      DiskQueueDepth: night(0.002, 0.19),
      NetworkReceiveThroughput: night(4000, 0.4e6),
      NetworkTransmitThroughput: night(11_000, 1.3e6),
      TransactionLogsGeneration: night(900, 0.2 * mib),
      CPUCreditBalance: () => 864,
    });
    return {
      instances: [
        instanceOf(replica, {
          ...like,
          ReadReplicaSourceDBInstanceIdentifier: source,
          StatusInfos: [{ StatusType: "read replication", Normal: true, Status: "replicating" }],
          BackupRetentionPeriod: 0,
        }),
        instanceOf(source, { ...like, ReadReplicaDBInstanceIdentifiers: [replica] }),
      ],
      metrics: {
        ...curves(21, 16),
        ReplicaLag: lag,
        ...Object.fromEntries(
          Object.entries(curves(28, 48)).map(([name, curve]) => [`${source}/${name}`, curve]),
        ),
      },
      events: nightlyBackup(source),
      load: null,
      logs: [
        errorLog(
          [
            logged(22, { pid: 391 }, "LOG:  restartpoint starting: time"),
            logged(
              21.9,
              { pid: 391 },
              "LOG:  restartpoint complete: wrote 11 buffers (0.0%); 0 WAL file(s) added, 0 removed, 1 recycled; write=1.022 s, sync=0.002 s, total=1.031 s; sync files=8, longest=0.001 s, average=0.001 s; distance=65536 kB, estimate=65536 kB",
            ),
            logged(21.9, { pid: 391 }, "LOG:  recovery restart point at 1A/D8000060"),
          ],
          21,
        ),
      ],
      alarm: { ...above("ReplicaLag", 100, [121.4, 180.9, 241.2], 3), state: "OK" },
      way: "probe-failed",
    };
  },
});
