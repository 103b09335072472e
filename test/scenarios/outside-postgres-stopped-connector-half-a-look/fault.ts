import { calmRds } from "../support/outside/calm.ts";
import { moves } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { below, instanceOf, loadOf, nightlyBackup, told } from "../support/outside/described.ts";
import { cutOff, halfLook } from "../support/outside/postgres-half-look.ts";
import { group, nobodyWaits, ownGroup, running, serverUp } from "../support/outside/postgres-half-rows.ts";

const id = "fulfilment-prod";
const database = "fulfilment";
const gib = 1024 ** 3;
const api = { application: "fulfilment-api", user: "api", client: "10.77.1.8", database };
const slot = "debezium_orders";

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "A connector was taken down three days ago and its slot keeps all WAL since; the look is cut off before its second readings",
  world: (dice) => {
    // 4.6 GiB an hour stay.
    const hours = dice.number(66, 71);
    const kept = hours * 4.6;
    const minutes = hours * 60;
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "15.8",
          DBInstanceClass: "db.m6g.xlarge",
          MultiAZ: true,
          AllocatedStorage: 500,
          Iops: 12_000,
          StorageThroughput: 500,
          MaxAllocatedStorage: 500,
        }),
      ],
      metrics: {
        ...calmRds({
          engine: "postgres",
          vcpus: 4,
          memoryGib: 16,
          connections: 118,
          cpu: 36,
          iops: 640,
        }),
        FreeStorageSpace: moves((24 + kept) * gib, 24 * gib, minutes),
        TransactionLogsDiskUsage: moves(1.4 * gib, (1.4 + kept) * gib, minutes),
        TransactionLogsGeneration: () => (4.6 * gib) / 3600,
        OldestReplicationSlotLag: moves(2e6, kept * gib, minutes),
      },
      events: [
        told(
          id,
          97,
          "low storage",
          `The free storage capacity for DB instance: ${id} is low at 6% of the provisioned storage [Provisioned Storage: 489.16 GB, Free Storage: 31.34 GB]. You might want to increase the provisioned storage to address this issue.`,
        ),
        ...nightlyBackup(id),
      ],
      load: loadOf(
        { CPU: 1.1, "IO:WALSync": 0.2 },
        [
          { sql: "UPDATE shipments SET state = ? WHERE id = ?", waits: { CPU: 0.3, "IO:WALSync": 0.1 } },
          { sql: "SELECT * FROM parcels WHERE shipment_id = ?", waits: { CPU: 0.3 } },
        ],
        { api: 1.2, jobs: 0.1 },
      ),
      alarm: below("FreeStorageSpace", 50 * gib, [53.6e9, 53.5e9, 53.4e9], 342),
      way: "probe-failed",
      inPart: halfLook({
        answers: {
          "postgres-server": [serverUp("15.8", 96 * 86_400, 1690)],
          "postgres-blocking": [nobodyWaits],
          "postgres-connections": [
            group({ state: "idle", ...api }, 109, 52),
            group({ state: "active", ...api }, 3, 0.01),
            group({ state: "idle", ...api, application: "fulfilment-jobs", user: "jobs" }, 6, 14),
            ownGroup(database),
          ],
          "postgres-sessions": [
            running(4021, 0.01, { ...api, query: "SELECT * FROM parcels WHERE shipment_id = ?" }),
          ],
          "postgres-oldest-xmin": [],
          "postgres-oldest-xmin-slots": [
            {
              holder: "replication-slot",
              name: slot,
              sessionKey: null,
              xminAge: 61_204_118,
              catalogOnly: true,
              seconds: null,
              state: "inactive",
              user: null,
              application: null,
              client: null,
              database,
              query: null,
            },
          ],
          "postgres-own-limits": [],
          "postgres-cron-jobs": [],
          "postgres-relation-locks": [],
          "postgres-matviews": [],
          "postgres-replication": [],
          "postgres-replication-slots": [
            {
              slot,
              kind: "logical",
              plugin: "pgoutput",
              database,
              active: false,
              activePid: null,
              temporary: false,
              retainedBytes: Math.round(kept * gib),
              unconfirmedBytes: Math.round(kept * gib),
              walStatus: "extended",
              safeWalBytes: null,
              keepLimitBytes: null,
              inactiveSeconds: null,
              invalidationReason: null,
              xminAge: 0,
              catalogXminAge: 61_204_118,
            },
          ],
          "postgres-wait-profile": [
            {
              waitEventType: null,
              waitEvent: null,
              samples: 10,
              windowSeconds: 1.02,
              observations: 12,
              averageSessions: 1.2,
              percent: 100,
              distinctSessions: 7,
              query: "SELECT * FROM parcels WHERE shipment_id = ?",
            },
          ],
        },
        rest: cutOff,
      }),
    };
  },
});
