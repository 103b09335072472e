import type { Witness } from "./witness.ts";

/**
 * Slots, streams, standbys and subscriptions.
 * https://www.postgresql.org/docs/current/view-pg-replication-slots.html
 */
export const replicationCounters3: readonly Witness[] = [
  {
    witness: "aurora_replica_status: a reader far behind",
    told: ["replication-lag"],
    word: /behind|lag/i,
    hot: {
      rows: {
        "postgres-replication-aurora": [
          {
            server: "orders-db",
            writer: true,
            lagMs: null,
            lastUpdateSeconds: null,
            storageDaemonCpuPercent: 4,
            lastTransportError: null,
          },
          {
            server: "reader-1",
            writer: false,
            lagMs: 94_000,
            lastUpdateSeconds: 1,
            storageDaemonCpuPercent: 9,
            lastTransportError: null,
          },
        ],
      },
    },
    ordinary: {
      rows: {
        "postgres-replication-aurora": [
          {
            server: "orders-db",
            writer: true,
            lagMs: null,
            lastUpdateSeconds: null,
            storageDaemonCpuPercent: 4,
            lastTransportError: null,
          },
          {
            server: "reader-1",
            writer: false,
            lagMs: 21,
            lastUpdateSeconds: 0.4,
            storageDaemonCpuPercent: 4,
            lastTransportError: null,
          },
        ],
      },
    },
  },
];
