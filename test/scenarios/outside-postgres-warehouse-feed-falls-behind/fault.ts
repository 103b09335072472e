import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { moves, steps, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, nightlyBackup } from "../support/outside/described.ts";
import { firstAnswers } from "../support/outside/first-answers.ts";
import { halfLook, outOfTime } from "../support/outside/postgres-half-look.ts";
import { group, running } from "../support/outside/postgres-half-rows.ts";

const id = "logistics-hub";
const database = "logistics";
const slot = "warehouse_feed";
const gib = 1024 ** 3;
const kept = 148.6;
const minutes = 13.2 * 60;
const written = 4.4e6;
const app = { application: "hub-worker", user: "hub", client: "10.22.5.12", database };

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "Scanners report each parcel four times since a release; the feed to the warehouse reads a third of what is written",
  world: (dice) => {
    const connections = dice.number(172, 184);
    const calm = withDays(
      calmRds({ engine: "postgres", vcpus: 4, memoryGib: 32, connections, cpu: 36, iops: 760 }),
    );
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "15.6",
          DBInstanceClass: "db.r5.xlarge",
          MultiAZ: true,
          AllocatedStorage: 1000,
          Iops: 12_000,
          StorageThroughput: 500,
          PerformanceInsightsEnabled: false,
        }),
      ],
      metrics: {
        ...withoutInsights(calm),
        CPUUtilization: steps(36, 52, minutes),
        WriteIOPS: steps(456, 1310, minutes),
        WriteThroughput: steps(9.6e6, 27e6, minutes),
        FreeStorageSpace: moves((391 + kept) * gib, 391 * gib, minutes),
        TransactionLogsDiskUsage: moves(1.3 * gib, (1.3 + kept) * gib, minutes),
        OldestReplicationSlotLag: moves(24e6, kept * gib, minutes),
        TransactionLogsGeneration: steps(1.2e6, written, minutes),
      },
      events: nightlyBackup(id),
      load: null,
      alarm: above("OldestReplicationSlotLag", 100 * gib, [107.4e9, 107.6e9, 107.8e9], 258, "Maximum"),
      way: "probe-failed",
      inPart: halfLook({
        answers: {
          ...firstAnswers({
            version: "15.6",
            upDays: 70,
            maxConnections: 3400,
            database,
            groups: [
              group({ state: "idle", ...app }, connections - 8, 29),
              group({ state: "active", ...app }, 6, 0.01),
            ],
            sessions: [
              running(5512, 0.01, {
                ...app,
                query: "INSERT INTO scans (parcel_id, at, gate) VALUES (?, ?, ?)",
              }),
            ],
          }),
          "postgres-oldest-xmin": [],
          "postgres-replication": [
            {
              pid: 3310,
              application: "airbyte",
              user: "warehouse",
              client: "10.22.9.4",
              slot,
              kind: "logical",
              state: "catchup",
              syncState: "async",
              sentLagBytes: Math.round((kept - 0.2) * gib),
              flushLagBytes: Math.round(kept * gib),
              replayLagBytes: Math.round(kept * gib),
              writeLagSeconds: 28_400,
              flushLagSeconds: 28_410,
              replayLagSeconds: 28_410,
              lastReplySeconds: 2.4,
              xminAge: null,
            },
          ],
          "postgres-replication-slots": [
            {
              slot,
              kind: "logical",
              plugin: "pgoutput",
              database,
              active: true,
              activePid: 3310,
              temporary: false,
              retainedBytes: Math.round(kept * gib),
              unconfirmedBytes: Math.round(kept * gib),
              walStatus: "extended",
              safeWalBytes: null,
              keepLimitBytes: null,
              inactiveSeconds: null,
              invalidationReason: null,
              xminAge: null,
              catalogXminAge: 812_004,
            },
          ],
          "postgres-logical-decoding": [
            {
              slot,
              plugin: "pgoutput",
              database,
              pid: 3310,
              application: "airbyte",
              user: "warehouse",
              waitEvent: "Client/WalSenderWriteData",
              intervalSeconds: 2.14,
              unconfirmedBytes: Math.round(kept * gib),
              retainedBytes: Math.round(kept * gib),
              confirmedBytesPerSecond: 1.04e6,
              spilledBytesPerSecond: 0,
              spilledBytes: 0,
            },
          ],
        },
        rest: outOfTime,
      }),
    };
  },
});
