import type { DatabaseContext, MetricReading, RdsEvent } from "../../functions/core/contract/context.ts";
import type { Member } from "../../functions/core/contract/topology.ts";
import type { View } from "../../functions/core/facts/view.ts";
import { defaultSettings } from "../../functions/core/settings.ts";
import { aMember, aTopology } from "./context-builder.ts";
import { aMetric, aProbe, aView, collectedAt, type Scene } from "./evidence-builder.ts";

export interface MetricScene extends Scene {
  /** Values a minute, oldest first, by CloudWatch's name. */
  readonly values?: Readonly<Record<string, readonly number[]>>;
  readonly readings?: Readonly<Record<string, Partial<MetricReading>>>;
  readonly self?: Partial<Member>;
  readonly others?: readonly Partial<Member>[];
  readonly events?: readonly RdsEvent[];
  readonly context?: Partial<DatabaseContext>;
  readonly probes?: Readonly<Record<string, Parameters<typeof aProbe>[1]>>;
  readonly thresholds?: Partial<typeof defaultSettings.thresholds>;
}

/** A view with metrics, RDS context and rows of any probe beside the common ones. */
export function metricView(scene: MetricScene): View {
  const { values = {}, readings = {}, self = {}, others = [], events = [], probes = {} } = scene;
  const base = aView(scene);
  const context: DatabaseContext = {
    schema: "database-context.v1",
    readAt: collectedAt,
    topology: aTopology({ members: [aMember(self), ...others.map((other) => aMember(other))] }),
    readings: Object.entries(readings).map(([id, reading]) => aReading(id, reading)),
    events: [...events],
    logs: null,
    load: null,
    backups: null,
    changes: null,
    ...scene.context,
  };
  return aView(
    {
      ...scene,
      overrides: {
        context,
        metrics: Object.entries(values).map(([id, points]) => aMetric(id, points)),
        probes: [...base.evidence.probes, ...Object.entries(probes).map(([id, rows]) => aProbe(id, rows))],
        ...scene.overrides,
      },
    },
    { ...defaultSettings, thresholds: { ...defaultSettings.thresholds, ...scene.thresholds } },
  );
}

function aReading(id: string, reading: Partial<MetricReading>): MetricReading {
  return {
    id,
    subject: "orders-db",
    statistic: "Average",
    unit: "count",
    latest: null,
    at: null,
    peak: null,
    lowest: null,
    baselineDay: null,
    baselineWeek: null,
    capacity: null,
    state: "ok",
    note: null,
    ...reading,
  };
}

export function anEvent(minutesAgo: number, category: string, message: string): RdsEvent {
  const at = new Date(Date.parse(collectedAt) - minutesAgo * 60_000).toISOString();
  return { at, subject: "orders-db", source: "instance", categories: [category], message };
}

/** The same value for so many minutes. */
export function held(value: number, minutes: number = 10): number[] {
  return Array.from({ length: minutes }, () => value);
}

const minuteMs = 60_000;
const window = 15;
const steps = 36;

/** By the minutes before the last point: the quarter of an hour by the minute, and the three hours before it by the five. */
export function curveOf(of: (minutesAgo: number) => number) {
  const from = Date.parse(collectedAt) - (window + 5 * steps) * minuteMs;
  return {
    values: Array.from({ length: window }, (_, minute) => of(window - 1 - minute)),
    earlier: {
      from: new Date(from).toISOString(),
      stepSeconds: 300,
      values: Array.from({ length: steps }, (_, step) => meanOf(of, window - 1 + 5 * (steps - step))),
    },
  };
}

function meanOf(of: (minutesAgo: number) => number, first: number): number {
  return [0, 1, 2, 3, 4].reduce((sum, minute) => sum + of(first - minute), 0) / 5;
}
