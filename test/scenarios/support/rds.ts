import type { DatabaseContext, MetricReading, RdsEvent } from "../../../functions/core/contract/context.ts";
import type { MetricSeries } from "../../../functions/core/contract/evidence.ts";
import type { Member } from "../../../functions/core/contract/topology.ts";
import { aMember, aTopology } from "../../support/context-builder.ts";

/** What only CloudWatch and the RDS API could say is made up here: there is no RDS in the lab. */
export const database = "scenario-db";

const minuteMs = 60_000;

export function minutesAgo(minutes: number): string {
  return new Date(Date.now() - minutes * minuteMs).toISOString();
}

/** One value a minute, the last one of the last full minute. */
export function series(id: string, values: readonly number[], instance: string = database): MetricSeries {
  const last = Math.floor(Date.now() / minuteMs) * minuteMs - minuteMs;
  return {
    id,
    namespace: "AWS/RDS",
    dimensions: { DBInstanceIdentifier: instance },
    statistic: "Average",
    unit: null,
    periodSeconds: 60,
    points: values.map((value, index) => ({
      at: new Date(last - (values.length - 1 - index) * minuteMs).toISOString(),
      value,
    })),
  };
}

/** Fifteen minutes at about one value. */
export function steady(id: string, value: number, instance: string = database): MetricSeries {
  const values = Array.from({ length: 15 }, (_, index) => value * (1 + ((index * 7) % 5) / 200));
  return series(id, values, instance);
}

/** Fifteen minutes from one value to another. */
export function trend(id: string, from: number, to: number, instance: string = database): MetricSeries {
  const values = Array.from({ length: 15 }, (_, index) => from + ((to - from) * index) / 14);
  return series(id, values, instance);
}

/** How a series is read, with what it was a day and a week ago. */
export function reading(
  of: MetricSeries,
  unit: MetricReading["unit"],
  baseline: { readonly day?: number; readonly week?: number; readonly capacity?: number } = {},
): MetricReading {
  const values = of.points.map(({ value }) => value);
  const last = of.points.at(-1);
  const stopped = (last?.value ?? 0) < 0;
  return {
    id: of.id,
    subject: of.dimensions["DBInstanceIdentifier"] ?? database,
    statistic: of.statistic,
    unit,
    latest: stopped ? null : (last?.value ?? null),
    at: last?.at ?? null,
    peak: Math.max(...values),
    lowest: Math.min(...values),
    baselineDay: baseline.day ?? null,
    baselineWeek: baseline.week ?? null,
    capacity: baseline.capacity ?? null,
    state: stopped ? "not-replicating" : "ok",
    note: null,
  };
}

export function event(minutes: number, categories: readonly string[], message: string): RdsEvent {
  return {
    at: minutesAgo(minutes),
    subject: database,
    source: "instance",
    categories: [...categories],
    message,
  };
}

/** The member as RDS describes it: available, in sync, backed up four minutes ago. */
export function member(overrides: Partial<Member> = {}): Member {
  return aMember({
    id: database,
    instanceClass: "db.r7g.large",
    latestRestorableAt: minutesAgo(4),
    ...overrides,
  });
}

export function context(
  overrides: Partial<DatabaseContext> = {},
  self: Partial<Member> = {},
): DatabaseContext {
  return {
    schema: "database-context.v1",
    readAt: new Date().toISOString(),
    topology: aTopology({ members: [member(self)] }),
    readings: [],
    events: [],
    logs: [],
    load: null,
    backups: {
      newestSnapshot: {
        id: "rds:scenario-db-nightly",
        at: minutesAgo(7 * 60),
        type: "automated",
        status: "available",
      },
      restorableFrom: minutesAgo(7 * 24 * 60),
      restorableTo: minutesAgo(4),
    },
    changes: [],
    ...overrides,
  };
}
