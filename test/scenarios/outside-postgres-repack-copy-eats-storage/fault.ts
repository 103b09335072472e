import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { moves, steps } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { below, instanceOf, nightlyBackup, told } from "../support/outside/described.ts";
import { firstAnswers } from "../support/outside/first-answers.ts";
import { cutOff, halfLook } from "../support/outside/postgres-half-look.ts";
import { group, running } from "../support/outside/postgres-half-rows.ts";

const id = "telemetry-prod";
const database = "telemetry";
const gib = 1024 ** 3;
const ingest = { application: "ingest", user: "ingest", client: "10.66.2.14", database };
const repack = { application: "pg_repack", user: "dba_ops", client: "10.66.9.3", database };

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "pg_repack writes a second copy of the largest table, for which there is no room; the look is cut off early",
  world: (dice) => {
    const began = dice.number(184, 192);
    const perMinute = 273 / began;
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          DBName: database,
          EngineVersion: "14.13",
          DBInstanceClass: "db.m6g.2xlarge",
          MultiAZ: true,
          AllocatedStorage: 1000,
          Iops: 12_000,
          StorageThroughput: 500,
          PerformanceInsightsEnabled: false,
        }),
      ],
      metrics: {
        ...withoutInsights(
          calmRds({ engine: "postgres", vcpus: 8, memoryGib: 32, connections: 92, cpu: 28, iops: 1300 }),
        ),
        FreeStorageSpace: moves(311 * gib, 38 * gib, began),
        TransactionLogsDiskUsage: steps(2.2 * gib, 4.1 * gib, began),
        TransactionLogsGeneration: steps(3.1e6, 29e6, began),
        WriteIOPS: steps(780, 2350, began),
        WriteThroughput: steps(16e6, 71e6, began),
        ReadIOPS: steps(520, 1180, began),
        ReadThroughput: steps(9e6, 37e6, began),
        DiskQueueDepth: steps(1.6, 4.4, began),
        CPUUtilization: steps(28, 39, began),
      },
      events: [
        told(
          id,
          Math.round(59 / perMinute),
          "low storage",
          `The free storage capacity for DB instance: ${id} is low at 10% of the provisioned storage [Provisioned Storage: 978.12 GB, Free Storage: 97.31 GB]. You might want to increase the provisioned storage to address this issue.`,
        ),
        ...nightlyBackup(id),
      ],
      alarm: below("FreeStorageSpace", 100 * gib, [107.3e9, 105.8e9, 104.2e9], Math.round(62 / perMinute)),
      way: "probe-failed",
      inPart: halfLook({
        answers: firstAnswers({
          version: "14.13",
          upDays: 121,
          maxConnections: 3400,
          database,
          groups: [
            group({ state: "idle", ...ingest }, 78, 21),
            group({ state: "active", ...ingest }, 4, 0.02),
            group({ state: "idle", ...ingest, application: "grafana", user: "grafana" }, 7, 48),
            group({ state: "active", ...repack }, 1, began * 60),
            group({ state: "idle-in-transaction", ...repack }, 1, began * 60),
          ],
          sessions: [
            running(30_112, began * 60, {
              ...repack,
              waitEvent: "IO/DataFileExtend",
              query:
                "INSERT INTO repack.table_184233 SELECT device_id,recorded_at,metric,payload FROM ONLY public.telemetry_points",
            }),
            running(11_871, 0.02, {
              ...ingest,
              query:
                "INSERT INTO telemetry_points (device_id, recorded_at, metric, payload) VALUES (?, ?, ?, ?)",
            }),
            running(11_904, 0.01, {
              ...ingest,
              waitEvent: "IO/WALSync",
              query:
                "INSERT INTO telemetry_points (device_id, recorded_at, metric, payload) VALUES (?, ?, ?, ?)",
            }),
          ],
        }),
        rest: cutOff,
      }),
    };
  },
});
