import type { MetricFact } from "./metric-facts.ts";

const minuteMs = 60_000;
/** What is about to begin may stand in the last of them. */
const clearMs = 3 * minuteMs;
const reachMs = 20 * minuteMs;

/** What a metric was in the quarter of an hour before a moment (ISO 8601); null where that was not read. */
export function levelBefore(fact: MetricFact, at: string): number | null {
  const moment = Date.parse(at);
  const values = samplesOf(fact)
    .filter((one) => one.until <= moment - clearMs && one.until > moment - reachMs)
    .map(({ value }) => value);
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** What it was when a moment (epoch milliseconds) came, or as long ago as it was read. */
export function sampleAt(fact: MetricFact, moment: number): Sample {
  const samples = samplesOf(fact);
  const last = { at: fact.at, value: fact.latest, until: Date.parse(fact.at) };
  return samples.findLast(({ until }) => until <= moment) ?? samples[0] ?? last;
}

/** What it was when it was first read. */
export function oldestOf(fact: MetricFact): number {
  return sampleAt(fact, Number.NEGATIVE_INFINITY).value;
}

/** The lowest at which it stood for two points within the last minutes; one alone is a dip. */
export function stoodAt(fact: MetricFact, minutes: number): number {
  const from = Date.parse(fact.at) - minutes * minuteMs;
  const values = samplesOf(fact)
    .filter(({ until }) => until >= from)
    .map(({ value }) => value);
  return Math.min(fact.latest, ...values.slice(1).map((value, at) => Math.max(value, values[at] ?? value)));
}

type Sample = MetricFact["points"][number] & {
  /** Epoch milliseconds at which what it stands for ends. */
  readonly until: number;
};

/** Oldest first: of the hours before, and by the minute. */
export function samplesOf({ points, earlier }: MetricFact): readonly Sample[] {
  const stepMs = 1000 * (earlier?.stepSeconds ?? 0);
  const before = (earlier?.values ?? []).flatMap((value, step) =>
    value === null ? [] : [sampleOf(Date.parse(earlier?.from ?? "") + step * stepMs, stepMs, value)],
  );
  return [...before, ...points.map(({ at, value }) => sampleOf(Date.parse(at), minuteMs, value))];
}

function sampleOf(from: number, lengthMs: number, value: number): Sample {
  return { at: new Date(from).toISOString(), value, until: from + lengthMs };
}
