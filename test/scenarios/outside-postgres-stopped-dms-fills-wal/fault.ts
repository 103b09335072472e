import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { type Curve, steps, usual } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { below, instanceOf, nightlyBackup, told } from "../support/outside/described.ts";
import { errorLog, logged } from "../support/outside/postgres-log.ts";

const id = "ledger-main";
const gib = 1024 ** 3;

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "A replication task was stopped eleven hours ago and its slot left: WAL is kept until the volume is full",
  world: (dice) => {
    const full = dice.number(5, 7);
    const hours = 11;
    // 4.3 MiB a second for eleven hours are 166 GiB.
    const kept = (ago: number) => {
      const minutes = Math.min(hours * 60, Math.max(0, full + hours * 60 - ago));
      return (minutes / (hours * 60)) * 166 * gib;
    };
    const wal: Curve = (ago) => 1.2 * gib + kept(ago);
    const whileUp =
      (curve: Curve): Curve =>
      (ago) =>
        ago > full ? curve(ago) : null;
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "14.15",
          DBInstanceClass: "db.r5.large",
          DBInstanceStatus: "storage-full",
          AllocatedStorage: 300,
          PerformanceInsightsEnabled: false,
          LatestRestorableTime: new Date(Date.now() - (full + 5) * 60_000),
        }),
      ],
      metrics: withoutInsights({
        ...calmRds({
          engine: "postgres",
          vcpus: 2,
          memoryGib: 16,
          freeGib: 166,
          connections: 64,
          cpu: 31,
          iops: 700,
        }),
        FreeStorageSpace: (ago) => Math.max(0, 166 * gib - kept(ago)),
        TransactionLogsDiskUsage: whileUp(wal),
        OldestReplicationSlotLag: whileUp((ago) => 0.1 * gib + kept(ago)),
        TransactionLogsGeneration: whileUp(usual(4.3 * 1024 ** 2)),
        MaximumUsedTransactionIDs: whileUp(usual(214e6)),
        DatabaseConnections: steps(64, 0, full),
        CPUUtilization: steps(31, 4, full),
        WriteIOPS: steps(420, 3, full),
        ReadIOPS: steps(280, 5, full),
        ReadThroughput: steps(5e6, 0.1e6, full),
        WriteThroughput: steps(9e6, 0.1e6, full),
        NetworkReceiveThroughput: steps(0.6e6, 0.01e6, full),
        NetworkTransmitThroughput: steps(2e6, 0.01e6, full),
        DiskQueueDepth: steps(0.8, 0, full),
      }),
      events: [
        ...nightlyBackup(id),
        told(
          id,
          118,
          "low storage",
          "The free storage capacity for DB Instance: ledger-main is low at 9% of the provisioned storage [Provisioned Storage: 294.32 GB, Free Storage: 28.11 GB]. You may want to increase the provisioned storage to address this issue.",
        ),
        told(
          id,
          full,
          "low storage",
          "Allocated storage has been exhausted. Allocate additional storage to resolve.",
        ),
      ],
      load: null,
      logs: [
        errorLog(
          [
            logged(full + 8, { pid: 377 }, "LOG:  checkpoint starting: time"),
            logged(
              full,
              { host: "10.8.3.90(50112)", user: "ledger", database: "ledger", pid: 11_702 },
              'ERROR:  could not extend file "base/16411/27731.4": No space left on device',
            ),
            logged(
              full,
              { host: "10.8.3.90(50112)", user: "ledger", database: "ledger", pid: 11_702 },
              "HINT:  Check free disk space.",
            ),
            logged(
              full - 0.1,
              { pid: 380 },
              'PANIC:  could not write to file "pg_wal/xlogtemp.380": No space left on device',
            ),
            logged(
              full - 0.1,
              { pid: 372 },
              "LOG:  WAL writer process (PID 380) was terminated by signal 6: Aborted",
            ),
            logged(full - 0.1, { pid: 372 }, "LOG:  terminating any other active server processes"),
          ],
          full - 0.1,
        ),
      ],
      alarm: below("FreeStorageSpace", 20 * gib, [19.9 * gib, 19.6 * gib, 19.4 * gib], full + 77, "Minimum"),
      way: "refused",
    };
  },
});
