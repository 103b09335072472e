import * as z from "zod";
import type { Evidence, ProbeResult } from "../../../../functions/core/contract/evidence.ts";
import type { MysqlEngineStateRow } from "../../../../functions/core/probes/mysql/engine-state/rows.ts";
import type { MysqlRatesRow } from "../../../../functions/core/probes/mysql/innodb-rates-rows.ts";
import type { LastDeadlockRow } from "../../../../functions/core/probes/mysql/last-deadlock-rows.ts";
import type { MysqlLimitsRow } from "../../../../functions/core/probes/mysql/limits/rows.ts";
import type { MysqlPurgeRow } from "../../../../functions/core/probes/mysql/oldest-transaction-purge-rows.ts";
import type { MysqlReplicationRow } from "../../../../functions/core/probes/mysql/replication/replication-rows.ts";
import type { MysqlSettingRow } from "../../../../functions/core/probes/mysql/settings-rows.ts";
import { aGroup, aMetric } from "../../../support/evidence-builder.ts";
import { aSession } from "../../../support/forest-builder.ts";
import { ratesOfMysql } from "../../../support/mysql-rates-builder.ts";
import { aDigest, lookedDeeper } from "../../../support/statement-builder.ts";
import type { Engine, Witnesses } from "./tables.ts";

/** What a look inside a server brings, of which each witness changes its own part. */
export interface Looked {
  rates: MysqlRatesRow;
  limits: MysqlLimitsRow;
  engineState: MysqlEngineStateRow;
  purge: MysqlPurgeRow;
  deadlock: LastDeadlockRow | null;
  replication: MysqlReplicationRow | null;
  connected: number;
  maxConnections: number;
  writable: boolean;
}

const gib = 1024 ** 3;

/** A busy day of 2 vCPUs that is well: 1,500 statements a second, a few of them running. */
export function busyServer(engine: Engine): Looked {
  const mysql = engine === "mysql";
  const pool = { bytes: 5 * gib, freePercent: 3, dirtyPercent: 12, hitPercent: 99.93 };
  const pages = { diskReadsPerSecond: 40, waitsForFreePagePerSecond: 0, pagesFlushedPerSecond: 90 };
  return {
    rates: ratesOfMysql({
      ...{ uptimeSeconds: 864_000, statementsPerSecond: 1500, commitsPerSecond: 220, rollbacksPerSecond: 1 },
      bufferPool: { ...pool, ...pages, readRequestsPerSecond: 60_000 },
      ...{ logBytesPerSecond: 900_000, tmpTablesPerSecond: 40, tmpDiskTablesPerSecond: mysql ? 0.1 : 1 },
      ...{ tmpDiskPercent: mysql ? 0.3 : 2.5, fullScansPerSecond: 10, fullJoinsPerSecond: 0.1 },
      ...{ rowsScannedPerSecond: 20_000, rowsByKeyPerSecond: 60_000, connectionsPerSecond: 2 },
      threads: { running: 3, connected: 60, connectedBefore: 60, maxUsed: 110 },
    }),
    limits: {
      preparedStatements: { used: 120, max: 16_382 },
      openFiles: { used: 400, max: 65_535 },
      openTables: { used: 900, max: 4000 },
      ...{ maxUserConnections: 0, maxConnectErrors: 100, blockedHosts: [], statementOwners: null },
      ...{ refusals: mysql ? [] : null, refusedAccounts: mysql ? [] : null },
    },
    engineState: {
      ...{ intervalSeconds: 1, ioCapacity: 1000, adaptiveHashIndex: !mysql },
      redo: redoOf(engine, 0.3),
      ...{ latches: mysql ? [] : null, autoIncrementWaits: [] },
    },
    purge: {
      ...{ intervalSeconds: 1, historyListLength: 900, historyGrowthPerSecond: 0, undoBytes: 64 * 1024 ** 2 },
      ...{
        undoTablespaces: 2,
        undoTruncateBytes: gib,
        undoTruncateOn: true,
        purgeThreads: 4,
        maxPurgeLag: 0,
      },
    },
    ...{ deadlock: null, replication: null, connected: 60, maxConnections: 500, writable: true },
  };
}

export function redoOf(engine: Engine, share: number): MysqlEngineStateRow["redo"] {
  const capacityBytes = 100 * 1024 ** 2;
  const age = share * capacityBytes;
  return {
    ...{ capacityBytes, ageBytes: [age, age], writtenPerSecond: 2_000_000, parameterBytes: capacityBytes },
    parameter: engine === "mysql" ? "innodb_redo_log_capacity" : "innodb_log_file_size",
  };
}

function settingRow([name, value]: readonly [string, string]): MysqlSettingRow {
  return {
    ...{
      name,
      state: "set",
      value,
      bytes: Number(value) || null,
      seconds: Number(value) || null,
      source: "configuration-file",
    },
    ...{ path: null, changedAt: null, changedBy: null, goneSince: null, replacedBy: null },
  };
}

const statements = [
  "SELECT `id` , `state` FROM `orders` WHERE `customer_id` = ?",
  "UPDATE `stock` SET `free` = `free` - ? WHERE `sku` = ?",
  "INSERT INTO `order_events` ( `order_id` , `kind` ) VALUES (...)",
];

/** The evidence of such a look; statements are seen too, and fail as often as is told. */
export function evidenceOf(
  engine: Engine,
  looked: Looked,
  settings: Witnesses,
  errorsPerSecond = 0,
): Evidence {
  const now = { callsPerSecond: 400, meanSeconds: 0.0015, averageSessions: 0.6, percentOfTime: 33 };
  const running = looked.rates.threads.running ?? 0;
  const cpu = {
    kind: "cpu",
    name: "on CPU",
    observations: 10 * running,
    averageSessions: running,
    percent: 98,
  };
  const profile = {
    ...{ samples: 10, windowSeconds: 1, notSeen: null, howToSee: null, threadsRunning: running },
    ...{ toldBy: "wait-events", waits: [{ ...cpu, meanSeconds: 0.001 }] },
  };
  const rows: Readonly<Record<string, ProbeResult["rows"]>> = {
    "mysql-innodb-rates": [looked.rates],
    "mysql-limits": [looked.limits],
    "mysql-engine-state": [looked.engineState],
    "mysql-oldest-transaction-purge": [z.json().parse(looked.purge)],
    "mysql-last-deadlock": looked.deadlock === null ? [] : [looked.deadlock],
    [`${engine}-replication`]: looked.replication === null ? [] : [looked.replication],
    "mysql-settings": [...settings].map(settingRow),
    "mysql-wait-profile": [profile],
    "mysql-statement-digests": statements.map((query, place) =>
      aDigest({
        digest: `${place}`,
        query,
        now: { ...now, errorsPerSecond: place === 2 ? errorsPerSecond : 0 },
      }),
    ),
  };
  const view = lookedDeeper(rows, {
    engine,
    sessions: [
      aSession(101, { query: statements[0] ?? null }),
      aSession(102, { query: statements[1] ?? null }),
    ],
    groups: [aGroup(2, { state: "active" }), aGroup(looked.connected - 2, { state: "idle" })],
    server: {
      ...{ maxConnections: looked.maxConnections, uptimeSeconds: looked.rates.uptimeSeconds },
      ...(looked.writable ? {} : { writable: false, readOnlyBecause: "read_only" }),
    },
    overrides: {
      metrics: [
        aMetric("CPUUtilization", Array(10).fill(40)),
        aMetric("DBLoad", Array(10).fill(1.6)),
        aMetric("DatabaseConnections", Array(10).fill(looked.connected)),
        aMetric("FreeableMemory", Array(10).fill(1.6 * gib)),
      ],
    },
  });
  return view.evidence;
}
