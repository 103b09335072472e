import { receiver } from "./world.ts";

export const gib = 1024 ** 3;

export function slot(more: object = {}): object {
  return {
    ...{ slot: "cdc", kind: "logical", plugin: "pgoutput", database: "shop", active: true, activePid: 71 },
    ...{ temporary: false, retainedBytes: 40e6, unconfirmedBytes: 1e6, walStatus: "reserved" },
    ...{ safeWalBytes: null, keepLimitBytes: null, inactiveSeconds: null, invalidationReason: null },
    ...{ xminAge: null, catalogXminAge: 900, ...more },
  };
}

export function stream(more: object = {}): object {
  return {
    ...{ pid: 61, application: "walreceiver", user: "rdsrepladmin", client: "10.0.0.9", slot: "rds_1" },
    ...{ kind: "physical", state: "streaming", syncState: "async", sentLagBytes: 0, flushLagBytes: 2000 },
    ...{ replayLagBytes: 3000, writeLagSeconds: 0.001, flushLagSeconds: 0.002, replayLagSeconds: 0.004 },
    ...{ lastReplySeconds: 0.4, xminAge: null, ...more },
  };
}

export function decoding(more: object = {}): object {
  return {
    ...{ slot: "cdc", plugin: "pgoutput", database: "shop", pid: 71, application: "debezium", user: "cdc" },
    ...{ waitEvent: "Client:WalSenderWaitForWal", intervalSeconds: 1, unconfirmedBytes: 1e6 },
    ...{ retainedBytes: 40e6, confirmedBytesPerSecond: 2e6, spilledBytesPerSecond: 0, spilledBytes: 3e9 },
    ...more,
  };
}

function subscription(more: object = {}): object {
  return {
    ...{ name: "from_crm", database: "shop", enabled: true, disablesOnError: false, hasSlot: true },
    ...{ running: true, workerSeconds: 90_000, silentSeconds: 0.4, applyErrors: 2, copyErrors: 0 },
    ...{ tables: 14, tablesNotReady: 0, ...more },
  };
}

export const slots = (more: object) => ({ rows: { "postgres-replication-slots": [slot(more)] } });
export const streams = (more: object) => ({ rows: { "postgres-replication": [stream(more)] } });
export const subscriptions = (more: object) => ({ rows: { "postgres-subscriptions": [subscription(more)] } });
export const standby = (more: object) => ({
  standby: true as const,
  rows: { "postgres-replication-receiver": [receiver(more)] },
});
