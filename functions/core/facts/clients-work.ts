import { metricCatalogue } from "../metrics/metric-catalogue.ts";
import { alarmSide } from "./alarm-side.ts";
import { type MetricFact, metricFact } from "./metric-facts.ts";
import { samplesOf } from "./metric-levels.ts";
import { inCategory, recentEvents, selfOf } from "./rds-facts.ts";
import type { View } from "./view.ts";

/** What clients at work move, each as it has been for hours; `least` is what monitoring and pools at rest move at most. */
const moved: readonly Measure[] = [
  { id: "DatabaseConnections", least: 10, from: 0.8, to: 1.25 },
  { id: "CPUUtilization", least: 3, from: 0.5, to: 2.5 },
  { id: "WriteIOPS", least: 5, from: 0.5, to: 2.5 },
  { id: "NetworkReceiveThroughput", least: 64_000, from: 0.5, to: 2.5 },
  { id: "NetworkTransmitThroughput", least: 128_000, from: 0.5, to: 2.5 },
];
/** What rises where work stands still: read where it is published, and never higher than this of what it has been. */
const strained: readonly string[] = [
  "ReadLatency",
  "WriteLatency",
  "CommitLatency",
  "DiskQueueDepth",
  "DBLoad",
];
const strain = 3;

interface Measure {
  readonly id: string;
  readonly least: number;
  /** Shares of the middle of the hours before, within which each of the newest minutes lies. */
  readonly from: number;
  readonly to: number;
}

const minuteMs = 60_000;
/** CloudWatch is a minute or two behind; what ended earlier is before the database can have died unseen. */
const freshMs = 2.5 * minuteMs;
const newestMinutes = 5;
/** One point in the newest minutes may be missing, as now and then. */
const leastPoints = newestMinutes - 1;
/** Steps of five minutes, of the thirty-six that are read. */
const leastSteps = 24;
const quietMinutes = 30;

/**
 * Whether clients work as ever while nothing that the responder sends arrives: the newest minutes of connections, CPU,
 * writes and network are those of the hours before, end when it tried, and began after the alarm. Then its own way may be
 * what is shut. The epoch ms up to which that was seen; null where anything is missing, late, falling or at odds: of what
 * nobody saw nothing is good.
 */
export function clientsWorkUntil(view: View): number | null {
  const ends = moved.map((measure) => steadyUntil(view, measure));
  if (ends.some((end) => end === null) || isShutOut(view)) return null;
  const last = Math.min(...ends.flatMap((end) => end ?? []));
  return isBefore(view, last - (newestMinutes + 1) * minuteMs) && isCalm(view) ? last : null;
}

/** It is not the network that answers in its place, and RDS itself says nothing of late but that it takes its backups. */
function isShutOut(view: View): boolean {
  const { connection, context } = view.evidence;
  const vanish = connection.failedStep === "tcp" && !/ECONN/.test(connection.detail ?? "");
  const events = recentEvents(view, quietMinutes);
  const isQuiet = context?.events != null && events.every((event) => inCategory(event, "backup"));
  return !vanish || !isQuiet || selfOf(view)?.status !== "available";
}

/** An alarm of this database's own, from before those minutes, that does not itself say that work is missing. */
function isBefore({ evidence }: View, moment: number): boolean {
  const { signal } = evidence;
  if (signal?.kind !== "alarm" || signal.metrics.length === 0 || Date.parse(signal.at) > moment) return false;
  return signal.metrics.every(({ namespace, name }) => {
    const spec = metricCatalogue.find((one) => one.name === name);
    const hurtsLow = spec?.statistic === "Minimum";
    return (
      namespace === "AWS/RDS" && spec !== undefined && (hurtsLow || alarmSide(evidence, name) === "too-high")
    );
  });
}

function steadyUntil(view: View, { id, least, from, to }: Measure): number | null {
  const fact = metricFact(view, id);
  const usual = fact === null ? null : middleOf(fact);
  if (fact === null || usual === null || usual < least) return null;
  const { collectedAt, connection } = view.evidence;
  const end = Date.parse(fact.at) + minuteMs;
  if (end < Date.parse(collectedAt) - connection.tookMs - freshMs) return null;
  const newest = newestOf(fact, end);
  const isSteady = newest.every((value) => value >= from * usual && value <= to * usual);
  return newest.length >= leastPoints && isSteady ? end : null;
}

function isCalm(view: View): boolean {
  return strained.every((id) => {
    const fact = metricFact(view, id);
    if (fact === null) return true;
    const usual = middleOf(fact);
    return (
      usual !== null && newestOf(fact, Date.parse(fact.at) + minuteMs).every((one) => one <= strain * usual)
    );
  });
}

function newestOf({ points }: MetricFact, end: number): readonly number[] {
  return points
    .filter(({ at }) => Date.parse(at) >= end - newestMinutes * minuteMs)
    .map(({ value }) => value);
}

/** Of the three hours before the window; null where they were not read nearly whole. */
function middleOf(fact: MetricFact): number | null {
  const [first] = fact.points;
  const before = samplesOf(fact).filter(({ at }) => first !== undefined && at < first.at);
  const values = before.map(({ value }) => value).toSorted((a, b) => a - b);
  return values.length < leastSteps ? null : (values[Math.floor(values.length / 2)] ?? null);
}
