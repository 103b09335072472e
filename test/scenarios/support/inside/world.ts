import * as z from "zod";
import type { Diagnosis } from "../../../../functions/core/contract/finding.ts";
import { diagnose } from "../../../../functions/core/diagnosis/diagnose.ts";
import { postgresProbes } from "../../../../functions/core/probes/postgres/index.ts";
import { defaultSettings } from "../../../../functions/core/settings.ts";
import {
  aGroup,
  aMetric,
  anAlarm,
  aProbe,
  aServer,
  aTarget,
  someEvidence,
} from "../../../support/evidence-builder.ts";
import { aForest } from "../../../support/forest-builder.ts";
import { aStatement, aTable } from "../../../support/statement-builder.ts";
import type { Seen, SettingSeen } from "./witness.ts";

const jsonRows = z.array(z.json());
const mib = 1024 ** 2;
const gib = 1024 ** 3;

export function databaseRates(more: object = {}, sinceReset: object = {}): object {
  const rows = { rowsReturnedPerSecond: 60_000, rowsFetchedPerSecond: 9000, rowsChangedPerSecond: 700 };
  return {
    ...{ database: "shop", connections: 50, intervalSeconds: 1, sessionsPerSecond: 1 },
    ...{ commitsPerSecond: 520, rollbacksPerSecond: 3, blocksHit: 90_000, blocksRead: 400 },
    ...{ cacheHitPercent: 99.6, tempFilesPerSecond: 0, tempBytesPerSecond: 0, ...rows },
    ...{ deadlocks: 0, conflicts: 0, checksumFailures: 0 },
    ...more,
    sinceReset: {
      ...{ statsSeconds: 90 * 86_400, cacheHitPercent: 99.7, tempFiles: 900, tempBytes: 40 * gib },
      ...{
        deadlocks: 31,
        conflicts: 0,
        checksumFailures: 0,
        lastChecksumFailureSeconds: null,
        ...sinceReset,
      },
    },
  };
}

export function writerRates(more: object = {}, sinceReset: object = {}): object {
  return {
    ...{ intervalSeconds: 1, checkpointBuffersPerSecond: 60, backgroundBuffersPerSecond: 20 },
    ...{ backendBuffersPerSecond: 2, allocatedBuffersPerSecond: 420, maxWrittenStopsPerSecond: 0 },
    ...{ walBytesPerSecond: 2 * mib, walPageImagesPerSecond: 40, checkpointerSeconds: 40 * 86_400 },
    ...{ checkpointsTimed: 0, checkpointsRequested: 0, ...more },
    sinceReset: {
      ...{ statsSeconds: 40 * 86_400, checkpointsTimed: 11_400, checkpointsRequested: 37 },
      ...{ checkpointWriteSeconds: 2_900_000, checkpointSyncSeconds: 210, ...sinceReset },
    },
  };
}

export function aWait(name: string | null, averageSessions: number, query: string | null = null): object {
  const [waitEventType = null, waitEvent = null] = name?.split(":") ?? [];
  const observations = Math.round(averageSessions * 10);
  const looks = { samples: 10, windowSeconds: 1, distinctSessions: Math.ceil(averageSessions) };
  return { ...looks, waitEventType, waitEvent, observations, averageSessions, percent: 60, query };
}

export function slru(more: object = {}): object {
  return { intervalSeconds: 1, caches: [], overflowed: [], multixacts: { members: 5e7, ids: 2e7 }, ...more };
}

export function autovacuumWorkers(more: object = {}): object {
  return {
    ...{ enabled: true, workersBusy: 0, workersMax: 3, wraparoundWorkers: 0, waitingWorkers: 0 },
    ...{ longestSeconds: null, longestWork: null, naptimeSeconds: 60, costDelayMs: 2, costLimit: 200 },
    ...{ memoryBytes: 64 * mib, ...more },
  };
}

export function aged(more: object = {}): object {
  return {
    ...{ kind: "database", name: "shop", xidAge: 130e6, multixactAge: 9e6, freezeMaxAge: 200e6 },
    ...{ multixactFreezeMaxAge: 400e6, percentUsed: 6.1, xidsLeft: 2.01e9, bytes: null, toastOf: null },
    ...{ closed: false, ...more },
  };
}

/** The rows of a healthy, busy server, by probe; of what is not named, none. */
const ordinaryRows: Readonly<Record<string, readonly object[]>> = {
  "postgres-database-rates": [databaseRates()],
  "postgres-database-rates-writer": [writerRates()],
  "postgres-top-statements": [
    aStatement(),
    aStatement({ queryId: "1002", query: "UPDATE carts SET total = $1 WHERE id = $2" }),
  ],
  "postgres-top-statements-capacity": [
    {
      ...{ entries: 900, maxEntries: 5000, percent: 18, evictions: 0, evictionsPerSecond: 0 },
      ...{ statsSeconds: 90 * 86_400, track: "top", extensionVersion: "1.10" },
    },
  ],
  "postgres-slru": [slru()],
  "postgres-tables": [aTable(), aTable({ table: "carts", bytes: 40_000_000 })],
  "postgres-wait-profile": [aWait(null, 0.9), aWait("IO:WALSync", 0.2)],
  "postgres-vacuum-workers": [autovacuumWorkers()],
  "postgres-vacuum-wraparound": [aged()],
};

const ordinaryMetrics: Readonly<Record<string, number>> = {
  ...{ CPUUtilization: 34, DBLoad: 1.2, DBLoadCPU: 0.9, DatabaseConnections: 50, FreeableMemory: 2 * gib },
  ...{ SwapUsage: 4 * mib, ReadIOPS: 90, WriteIOPS: 210, ReadLatency: 0.0008, WriteLatency: 0.0014 },
  ...{ DiskQueueDepth: 0.3, FreeStorageSpace: 80 * gib, MaximumUsedTransactionIDs: 130e6 },
  ...{ TransactionLogsDiskUsage: 1.2 * gib },
};

function settingRows(named: Readonly<Record<string, string | SettingSeen>>): object[] {
  return Object.entries(named).map(([name, told]) => {
    const {
      value,
      overrides = [],
      pendingRestart = false,
    } = typeof told === "string" ? { value: told } : told;
    const [, number = value, unit = null] = /^(-?\d+)([A-Za-z]+)$/.exec(value) ?? [];
    const size = Number(number) * (units[unit ?? ""] ?? Number.NaN);
    const isTime = unit !== null && ["ms", "s", "min"].includes(unit);
    const isKnown = Number.isFinite(size) && size >= 0;
    return {
      ...{ name, value: number, unit, bytes: isKnown && !isTime ? size : null, pendingRestart, overrides },
      ...{ seconds: isKnown && isTime ? size : null, source: "configuration file", context: "sighup" },
      bootValue: null,
    };
  });
}

const units: Readonly<Record<string, number>> = {
  ...{ kB: 1024, MB: mib, GB: gib, "8kB": 8192, ms: 0.001, s: 1, min: 60 },
};

const ordinarySettings: Readonly<Record<string, string>> = {
  ...{ max_connections: "100", superuser_reserved_connections: "3", work_mem: "4096kB" },
  ...{ max_wal_size: "2048MB", autovacuum: "on", track_counts: "on", hot_standby_feedback: "off" },
  ...{ statement_timeout: "0ms", lock_timeout: "0ms", idle_in_transaction_session_timeout: "86400000ms" },
  ...{ max_slot_wal_keep_size: "-1", random_page_cost: "4", jit: "on", synchronous_commit: "on" },
  ...{ max_standby_streaming_delay: "30000ms", max_locks_per_transaction: "64", fsync: "on" },
  ...{ max_prepared_transactions: "0", default_transaction_read_only: "off", wal_level: "replica" },
  ...{ wal_receiver_timeout: "60000ms" },
  ...{ autovacuum_max_workers: "3", autovacuum_freeze_max_age: "200000000", full_page_writes: "on" },
};

export function diagnosed(seen: Seen): Diagnosis {
  const { groups = [aGroup(3), aGroup(44, { state: "idle" })], sessions = [], forest, standby } = seen;
  const asStandby = { writable: false, readOnlyBecause: "it is a standby: it replays what the writer does" };
  const server = aServer({
    uptimeSeconds: 40 * 86_400,
    ...(standby === true ? asStandby : {}),
    ...seen.server,
  });
  const common: Readonly<Record<string, readonly object[]>> = {
    "postgres-server": [server],
    "postgres-blocking": [forest ?? aForest([])],
    "postgres-connections": groups,
    "postgres-sessions": sessions,
    "postgres-settings": settingRows({ ...ordinarySettings, ...seen.settings }),
  };
  const all: Seen["rows"] = {
    ...ordinaryRows,
    ...(standby === true ? standbyRows : {}),
    ...common,
    ...seen.rows,
  };
  const asked = postgresProbes.filter(({ id, tier }) => tier !== "health" || all[id] !== undefined);
  const probes = asked
    .filter(({ id, standsInFor }) => all[id] !== null && (standsInFor === undefined || all[id] !== undefined))
    .map(({ id, tier, row }) =>
      aProbe(id, jsonRows.parse((all[id] ?? []).map((one) => row.parse(one))), { tier }),
    );
  const metrics = Object.entries({ ...ordinaryMetrics, ...seen.metrics }).map(([id, value]) =>
    aMetric(id, Array(15).fill(value)),
  );
  const target = aTarget(standby === true ? { role: "reader" } : {});
  const signal = seen.alarm === undefined ? null : anAlarm(seen.alarm);
  return diagnose({ ...someEvidence(), target, signal, probes, metrics }, defaultSettings);
}

export function receiver(more: object = {}): object {
  return {
    ...{ status: "streaming", receiving: true, primaryHost: "10.0.0.5", slot: "rds_1", replayLagBytes: 4000 },
    ...{ receiveLagBytes: 0, lagSeconds: 0.1, lastReplayedTransactionSeconds: 0.4, replayedBytes: 2e6 },
    ...{ lastMessageSeconds: 0.2, replayPaused: false, hotStandbyFeedback: false, ...more },
    conflictsSinceReset: { ...noConflicts, snapshot: 12 },
    conflictsNow: noConflicts,
    ...more,
  };
}

export const noConflicts = { lock: 0, snapshot: 0, bufferPin: 0, deadlock: 0, tablespace: 0 };

const standbyRows = { "postgres-replication-receiver": [receiver()] };
