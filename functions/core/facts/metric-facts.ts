import type { Earlier, MetricReading } from "../contract/context.ts";
import type { MetricSeries } from "../contract/evidence.ts";
import { metricCatalogue } from "../metrics/metric-catalogue.ts";
import { compare } from "../text/compare.ts";
import { firesWhereItHurts } from "./alarm-side.ts";
import { wasReader } from "./failover-events.ts";
import { staleMs } from "./latest-metric.ts";
import type { View } from "./view.ts";

/** One metric of one instance, in the unit of the metric catalogue: seconds, bytes, percent, whatever the flavour. */
export interface MetricFact {
  readonly id: string;
  readonly subject: string;
  /** CloudWatch's, as it is read: of a minute, and of a step of the hours. */
  readonly statistic: string;
  readonly latest: number;
  readonly at: string;
  /** Oldest first; empty when only the reading's summary is left. */
  readonly points: readonly { readonly at: string; readonly value: number }[];
  readonly peak: number;
  readonly lowest: number;
  /** The same time of a day and of a week ago; null too where it was a reader then, and is the writer now. */
  readonly day: number | null;
  readonly week: number | null;
  /** The highest that lasted in the hour around that time. */
  readonly held: { readonly day: number | null; readonly week: number | null };
  readonly capacity: number | null;
  /** The three hours before its points, by the five minutes; null where they were not read. */
  readonly earlier: Earlier | null;
}

/** Null when it was not read, is too old, or is a lag that says "not replicating". */
export function metricFact(
  view: View,
  id: string,
  subject: string = view.evidence.target.name,
): MetricFact | null {
  const reading = readingOf(view, id, subject);
  const points = pointsOf(view, id, subject);
  const last = points.at(-1) ?? lastOf(reading);
  const then = subject === view.evidence.target.name && wasReader(view) ? null : reading;
  if (last === null || last.value < 0 || isStale(view, last.at)) return null;
  const values = points.map(({ value }) => value);
  return {
    id,
    subject,
    statistic: reading?.statistic ?? "Average",
    latest: last.value,
    at: last.at,
    points,
    peak: Math.max(last.value, reading?.peak ?? last.value, ...values),
    lowest: Math.min(last.value, reading?.lowest ?? last.value, ...values),
    day: then?.baselineDay ?? null,
    week: then?.baselineWeek ?? null,
    held: { day: then?.heldDay ?? null, week: then?.heldWeek ?? null },
    capacity: reading?.capacity ?? null,
    earlier: reading?.earlier ?? null,
  };
}

/** The reading as it was taken, for what only its state tells: not replicating, zero by absence. */
export function readingOf({ evidence }: View, id: string, subject: string): MetricReading | null {
  return evidence.context?.readings.find((each) => each.id === id && each.subject === subject) ?? null;
}

function lastOf(reading: MetricReading | null): { at: string; value: number } | null {
  if (reading === null || reading.state !== "ok" || reading.latest === null || reading.at === null)
    return null;
  return { at: reading.at, value: reading.latest };
}

function pointsOf({ evidence }: View, id: string, subject: string): MetricFact["points"] {
  const own = evidence.metrics
    .filter((series) => series.id === id && series.points.length > 0 && isOf(series, subject))
    .toSorted((a, b) => compare(JSON.stringify(a), JSON.stringify(b)))[0];
  const factor = metricCatalogue.find(({ name }) => name === id)?.factor ?? 1;
  return (own?.points ?? []).map(({ at, value }) => ({ at, value: value < 0 ? value : value * factor }));
}

function isOf({ dimensions }: MetricSeries, subject: string): boolean {
  return dimensions["DBInstanceIdentifier"] === subject || dimensions["DBClusterIdentifier"] === subject;
}

function isStale({ evidence }: View, at: string): boolean {
  return Date.parse(evidence.collectedAt) - Date.parse(at) > staleMs;
}

/** What counts as "still so": a spike of a minute or two that is over, or has just begun, is no incident. */
const lastingMinutes = 3;

/**
 * Minutes for which the metric has been so without a break until now; null when it is not so, or not for long
 * enough. An alarm on the same metric has watched it for its own time, so then one minute will do.
 */
export function lastingFor(
  view: View,
  fact: MetricFact | null,
  test: (value: number) => boolean,
): number | null {
  if (fact === null || !test(fact.latest)) return null;
  const read = hidesSteps(fact, test) ? { ...fact, earlier: null } : fact;
  const minutes = (Date.parse(fact.at) - beginOf(read, test).at) / minuteMs + 1;
  if (Math.round(minutes) >= lastingMinutes || isAlarming(view, fact.id)) return Math.round(minutes);
  // Points may have been cut to fit; both extremes of the window then say whether it was so all the time.
  const whole = fact.points.length < lastingMinutes && test(fact.lowest) && test(fact.peak);
  return whole && fact.day !== null ? lastingMinutes : null;
}

export interface Begin {
  /** Epoch milliseconds, within some minutes where it is of the hours. */
  readonly at: number;
  /** The latest at which it can have begun. */
  readonly latest: number;
  /** A point before was seen at which it was not so yet; otherwise it may have begun long before. */
  readonly seen: boolean;
}

const minuteMs = 60_000;

/** Since when it has been so without a break, of what is so now: by its points, and by the hours before them. */
export function beginOf(fact: MetricFact, test: (value: number) => boolean): Begin {
  const since = fact.points.findLastIndex(({ value }) => !test(value)) + 1;
  const first = Date.parse(fact.points[since]?.at ?? fact.at);
  if (since > 0) return { at: first, latest: first, seen: true };
  const { earlier } = fact;
  return earlier === null || !joins(earlier, first)
    ? { at: first, latest: first, seen: false }
    : beginWithin(earlier, first, test);
}

function beginWithin(
  { from, stepSeconds, values }: Earlier,
  first: number,
  test: (value: number) => boolean,
): Begin {
  const before = values.findLastIndex((value) => value === null || !test(value));
  const startOf = (step: number): number => Date.parse(from) + 1000 * stepSeconds * step;
  const seen = before >= 0 && values[before] !== null;
  const [was, mean, is] = [values[before], values[before + 1], values[before + 2]];
  const latest = Math.min(first, startOf(before + 2));
  if (was == null || mean == null || is == null) return { at: latest, latest, seen };
  // The mean of the step in which it began tells which part of it was so.
  const part = is === was ? 0 : Math.min(1, Math.max(0, (is - mean) / (is - was)));
  return { at: Math.min(first, startOf(before + 1 + part)), latest, seen };
}

/** Nothing is unseen between the hours and the window: a database that was down has begun anew. */
function joins({ from, stepSeconds, values }: Earlier, first: number): boolean {
  return first <= Date.parse(from) + 1000 * stepSeconds * values.length + 2 * minuteMs;
}

/** Read as an extreme: what touched a limit once in each step was not so all the while. */
function hidesSteps({ statistic }: MetricFact, test: (value: number) => boolean): boolean {
  if (statistic === "Average") return false;
  return !test(statistic === "Maximum" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY);
}

/** An alarm on it is on, and on the side that hurts. */
export function isAlarming({ evidence }: View, id: string): boolean {
  return firesWhereItHurts(evidence, id);
}

/** What it was at the same time of a day or of a week ago, whichever is higher; null when neither is known. */
export function usualHigh(fact: MetricFact): number | null {
  return fact.day === null && fact.week === null ? null : Math.max(fact.day ?? 0, fact.week ?? 0);
}

/** "; 31 a day and 28 a week ago at this time". */
export function baselineText(fact: MetricFact, show: (value: number) => string): string {
  const { day, week } = fact;
  if (day !== null && week !== null)
    return `; ${show(day)} a day ago and ${show(week)} a week ago at this time`;
  if (day !== null) return `; ${show(day)} a day ago at this time`;
  return week === null ? "" : `; ${show(week)} a week ago at this time`;
}
