import type { Evidence, ProbeResult } from "../../functions/core/contract/evidence.ts";
import type { View } from "../../functions/core/facts/view.ts";
import type { StatementDigestRow } from "../../functions/core/probes/mysql/statement-digests/statement-digests-rows.ts";
import type { PostgresPlanRow } from "../../functions/core/probes/postgres/plans/rows.ts";
import type { TableRow } from "../../functions/core/probes/postgres/tables/rows.ts";
import type { TopStatementRow } from "../../functions/core/probes/postgres/top-statements/top-statements-rows.ts";
import { defaultSettings, type Thresholds } from "../../functions/core/settings.ts";
import { aProbe, aView, type Scene, someEvidence } from "./evidence-builder.ts";

type Overrides<Row extends { readonly now: object }, Totals extends keyof Row> = Partial<
  Omit<Row, "now" | Totals>
> & { readonly now?: Partial<Row["now"]> } & { readonly [K in Totals]?: Partial<Row[K]> };

/** A quick statement that harms nobody: 10 calls/s of 2 ms for one row. */
export function aStatement(overrides: Overrides<TopStatementRow, "sinceReset"> = {}): TopStatementRow {
  const { now, sinceReset, ...rest } = overrides;
  return {
    queryId: "1001",
    user: "shop",
    database: "shop",
    own: false,
    topLevel: true,
    query: "SELECT name FROM orders WHERE id = $1",
    rankedBy: ["time-now"],
    ...rest,
    now: {
      intervalSeconds: 1,
      callsPerSecond: 10,
      averageSessions: 0.02,
      meanSeconds: 0.002,
      percentOfTime: 40,
      rowsPerSecond: 10,
      blocksReadPerSecond: 0,
      tempBytesPerSecond: 0,
      walBytesPerSecond: 0,
      ...now,
    },
    sinceReset: {
      calls: 10_000,
      totalSeconds: 20,
      meanSeconds: 0.002,
      maxSeconds: 0.05,
      stddevSeconds: 0.001,
      planSeconds: 0,
      percentOfTime: 40,
      rows: 10_000,
      blocksHit: 40_000,
      blocksRead: 0,
      blocksDirtied: 0,
      tempBytes: 0,
      walBytes: 0,
      ioSeconds: 0,
      ...sinceReset,
    },
  };
}

export function aDigest(overrides: Overrides<StatementDigestRow, "sinceStart"> = {}): StatementDigestRow {
  const { now, sinceStart, ...rest } = overrides;
  return {
    schema: "shop",
    digest: "d1",
    query: "SELECT name FROM `orders` WHERE `id` = ?",
    rankedBy: ["time-now"],
    ...rest,
    now: {
      intervalSeconds: 1,
      callsPerSecond: 10,
      averageSessions: 0.02,
      meanSeconds: 0.002,
      percentOfTime: 40,
      rowsExaminedPerSecond: 10,
      rowsSentPerSecond: 10,
      tmpDiskTablesPerSecond: 0,
      errorsPerSecond: 0,
      ...now,
    },
    sinceStart: {
      calls: 10_000,
      totalSeconds: 20,
      meanSeconds: 0.002,
      maxSeconds: 0.05,
      lockSeconds: 0,
      percentOfTime: 40,
      rowsExamined: 10_000,
      rowsSent: 10_000,
      rowsAffected: 0,
      examinedPerRow: 1,
      noIndexUsed: 0,
      fullScans: 0,
      tmpTables: 0,
      tmpDiskTables: 0,
      sortMergePasses: 0,
      errors: 0,
      firstSeenAt: null,
      lastSeenAt: null,
      ...sinceStart,
    },
  };
}

export function aPlan(overrides: Partial<PostgresPlanRow> = {}): PostgresPlanRow {
  return {
    queryId: "1001",
    user: "shop",
    query: "SELECT name FROM orders WHERE id = $1",
    calls: 10_000,
    totalSeconds: 20,
    meanSeconds: 0.002,
    status: "explained",
    reason: null,
    totalCost: 2500,
    estimatedRows: 1,
    meanRows: 1,
    problems: [],
    suggestions: [],
    ...overrides,
  };
}

/** A table that autovacuum and autoanalyze look after well. */
export function aTable(overrides: Partial<TableRow> = {}): TableRow {
  return {
    schema: "public",
    table: "orders",
    kind: "table",
    owner: "shop",
    toastOf: null,
    rankedBy: ["size"],
    bytes: 80_000_000,
    indexBytes: 20_000_000,
    indexes: 2,
    liveRows: 100_000,
    deadRows: 500,
    deadPercent: 0.5,
    autovacuumEnabled: true,
    vacuumAtDeadRows: 20_050,
    changedSinceAnalyze: 1000,
    analyzeAtChangedRows: 10_050,
    lastVacuumSeconds: null,
    lastAutovacuumSeconds: 600,
    lastAnalyzeSeconds: null,
    lastAutoanalyzeSeconds: 600,
    now: { intervalSeconds: 1, seqScansPerSecond: 0, seqRowsPerSecond: 0 },
    sinceReset: { seqScans: 3, seqRows: 300_000, rowsPerSeqScan: 100_000, indexScans: 900_000 },
    bloat: { bytes: 4_000_000, percent: 5, basis: "statistics" },
    bloatUnavailable: null,
    ...overrides,
  };
}

/** What deeper probes answered, beside a quiet database; rows are what the probe's own schema describes. */
export function lookedDeeper(
  rows: Readonly<Record<string, ProbeResult["rows"]>>,
  scene: Scene = {},
  thresholds: Partial<Thresholds> = {},
): View {
  const deeper = Object.entries(rows).map(([id, answers]) => aProbe(id, answers, { tier: "performance" }));
  const { probes } = someEvidence(scene);
  const overrides: Partial<Evidence> = { ...scene.overrides, probes: [...probes, ...deeper] };
  const settings = { ...defaultSettings, thresholds: { ...defaultSettings.thresholds, ...thresholds } };
  return aView({ ...scene, overrides }, settings);
}

/** One statement that two sessions do nothing else but run. */
export const busy = { averageSessions: 2, callsPerSecond: 8, meanSeconds: 0.25, percentOfTime: 90 } as const;
