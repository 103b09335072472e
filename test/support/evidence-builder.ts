import * as z from "zod";
import type {
  Connection,
  Evidence,
  MetricSeries,
  ProbeResult,
} from "../../functions/core/contract/evidence.ts";
import type { LockForest } from "../../functions/core/contract/locks.ts";
import type { Session } from "../../functions/core/contract/session.ts";
import type { Signal } from "../../functions/core/contract/signal.ts";
import type { Engine, Target } from "../../functions/core/contract/target.ts";
import { type View, viewOf } from "../../functions/core/facts/view.ts";
import type { ConnectionGroup, ServerRow } from "../../functions/core/probes/rows.ts";
import { defaultSettings, type Settings } from "../../functions/core/settings.ts";
import { aForest } from "./forest-builder.ts";

const jsonRows = z.array(z.json());

export const collectedAt = "2026-11-21T10:00:00.000Z";

export function aTarget(overrides: Partial<Target> = {}): Target {
  return {
    schema: "target.v1",
    name: "orders-db",
    group: "orders-db",
    engine: "postgres",
    flavour: "rds",
    engineVersion: "17.4",
    host: "orders-db.example.eu-west-1.rds.amazonaws.com",
    port: 5432,
    database: "shop",
    role: "writer",
    clusterId: null,
    resourceId: null,
    instanceClass: "db.m7g.large",
    accountId: "123456789012",
    region: "eu-west-1",
    tags: {},
    ...overrides,
  };
}

/** `count` sessions of one kind. */
export function aGroup(count: number, overrides: Partial<ConnectionGroup> = {}): ConnectionGroup {
  return {
    state: "active",
    application: "web",
    user: "shop",
    client: "10.0.0.7",
    database: "shop",
    count,
    waitingOnLock: 0,
    oldestStateSeconds: 0.2,
    medianStateSeconds: 0.05,
    idleOverSession: 0,
    idleOverLeak: 0,
    ...overrides,
  };
}

export function aServer(overrides: Partial<ServerRow> = {}): ServerRow {
  return {
    version: "17.4",
    writable: true,
    readOnlyBecause: null,
    uptimeSeconds: 86_400,
    maxConnections: 100,
    reservedConnections: 3,
    ...overrides,
  };
}

export function aProbe(
  id: string,
  rows: ProbeResult["rows"],
  overrides: Partial<ProbeResult> = {},
): ProbeResult {
  return {
    id,
    spec: [],
    tier: "immediate",
    status: "ok",
    reason: null,
    howToSee: null,
    rows,
    rowCount: rows.length,
    truncated: false,
    tookMs: 4,
    statements: 1,
    ...overrides,
  };
}

export function aConnection(overrides: Partial<Connection> = {}): Connection {
  return { status: "connected", failedStep: null, detail: null, pointsTo: null, tookMs: 12, ...overrides };
}

export function anAlarm(metric: string, overrides: Partial<Signal> = {}): Signal {
  return {
    schema: "signal.v1",
    id: `alarm-${metric}`,
    kind: "alarm",
    via: "eventbridge",
    name: `orders-db ${metric}`,
    arn: null,
    description: null,
    state: "ALARM",
    reason: "threshold crossed",
    at: collectedAt,
    accountId: "123456789012",
    region: "eu-west-1",
    metrics: [{ namespace: "AWS/RDS", name: metric, statistic: "Average", dimensions: {} }],
    childAlarms: [],
    threshold: 80,
    comparison: "GreaterThanThreshold",
    recentDatapoints: [91],
    mutedBecause: null,
    tags: {},
    databases: [{ kind: "instance", id: "orders-db" }],
    ...overrides,
  };
}

export function aMetric(id: string, values: readonly number[], instance = "orders-db"): MetricSeries {
  const last = Date.parse(collectedAt) - 60_000;
  return {
    id,
    namespace: "AWS/RDS",
    dimensions: { DBInstanceIdentifier: instance },
    statistic: "Average",
    unit: null,
    periodSeconds: 60,
    points: values.map((value, index) => ({
      at: new Date(last - (values.length - 1 - index) * 60_000).toISOString(),
      value,
    })),
  };
}

export interface Scene {
  readonly engine?: Engine;
  readonly forests?: readonly LockForest[];
  readonly groups?: readonly ConnectionGroup[];
  readonly sessions?: readonly Session[];
  readonly server?: Partial<ServerRow>;
  readonly overrides?: Partial<Evidence>;
}

/** Evidence of a healthy, quiet database, plus what the scene adds. */
export function someEvidence(scene: Scene = {}): Evidence {
  const engine = scene.engine ?? "postgres";
  const family = engine === "postgres" ? "postgres" : "mysql";
  const [blocking, metadata] = scene.forests ?? [];
  const empty = aForest([]);
  const locks =
    engine === "postgres"
      ? [aProbe("postgres-blocking", [blocking ?? empty])]
      : [
          aProbe(`${engine}-row-locks`, [blocking ?? empty]),
          aProbe("mysql-metadata-locks", [metadata ?? empty]),
        ];
  const sessions = scene.sessions ?? sessionsOf(scene.forests ?? []);
  return {
    schema: "evidence.v1",
    target: aTarget({ engine, port: engine === "postgres" ? 5432 : 3306 }),
    signal: null,
    collectedAt,
    connection: aConnection(),
    probes: [
      aProbe(`${family}-server`, [aServer(scene.server)]),
      aProbe(
        `${family}-connections`,
        jsonRows.parse(scene.groups ?? [aGroup(8), aGroup(12, { state: "idle" })]),
      ),
      aProbe(`${family}-sessions`, [...sessions]),
      ...locks,
    ],
    metrics: [],
    missing: [],
    ...scene.overrides,
  };
}

/** Sessions that the forests show and that do something. */
function sessionsOf(forests: readonly LockForest[]): Session[] {
  const all = forests.flatMap(({ nodes }) => nodes.map(({ session }) => session));
  const unique = new Map(all.filter((session) => session !== null).map((session) => [session.id, session]));
  return [...unique.values()];
}

export function aView(
  scene: Scene = {},
  settings: Pick<Settings, "thresholds" | "policy"> = defaultSettings,
): View {
  return viewOf(someEvidence(scene), settings.thresholds, settings.policy);
}
