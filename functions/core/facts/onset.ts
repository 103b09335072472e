import type { Deviation } from "./deviations.ts";
import { logRecords } from "./log-lines.ts";
import { grownSwap, lowMemory } from "./memory.ts";
import { beginOf, isAlarming, lastingFor, type MetricFact, metricFact, usualHigh } from "./metric-facts.ts";
import { lagLimit, lagMetrics } from "./replica-metrics.ts";
import { isUsual } from "./usual.ts";
import type { View } from "./view.ts";

/** When something began. */
export interface Onset {
  readonly at: number;
  readonly latest: number;
  /** To begin; otherwise it began then or before. */
  readonly seen: boolean;
  /** A day or a week ago it was not so. */
  readonly isNew: boolean;
}

/** When it began, at the latest; null while it is not so, or as it was a day or a week ago. */
export function onsetOf(view: View, deviation: Deviation): Onset | null {
  const sign = signs[deviation](view);
  const { connection, signal, collectedAt } = view.evidence;
  if (sign === null) {
    // Who is connected stays so when the way in is shut: it was, when somebody called.
    const at = Date.parse(signal?.at ?? collectedAt);
    const isShut = deviation === "away" && connection.failedStep === "tcp";
    return isShut ? { at, latest: at, seen: false, isNew: true } : null;
  }
  const { fact, test } = sign;
  if (lastingFor(view, fact, test) === null) return null;
  const { at, latest, seen } = beginOf(fact, test);
  const alarmed = isAlarming(view, fact.id) ? Date.parse(view.evidence.signal?.at ?? "") : Number.NaN;
  const isNew = fact.day !== null || fact.week !== null;
  return Number.isNaN(alarmed) || alarmed >= at
    ? { at, latest, seen, isNew }
    : { at: alarmed, latest: alarmed, seen: false, isNew };
}

interface Sign {
  readonly fact: MetricFact;
  readonly test: (value: number) => boolean;
}

const signs: Readonly<Record<Deviation, (view: View) => Sign | null>> = {
  cpu: (view) => unusual(view, "CPUUtilization", view.thresholds.cpuPercent),
  reads: (view) => unusual(view, "ReadLatency", view.thresholds.ioLatencySeconds),
  writes: slowerWrites,
  // Cache fills what there is of any class: it takes swapping, or somebody's alarm, to be short.
  memory: (view) => {
    const memory = lowMemory(view);
    if (memory === null || !memory.low) return null;
    const { free } = memory;
    const fell = free.day === null || free.latest <= 0.7 * free.day;
    if (!fell || (grownSwap(view) === null && !isAlarming(view, free.id))) return null;
    return { fact: free, test: (value) => value <= 1.2 * free.latest };
  },
  space: fallenSpace,
  // Less than half of those who are there as a rule.
  away: (view) => {
    const fact = metricFact(view, "DatabaseConnections");
    const usual = fact === null ? 0 : Math.min(fact.day ?? 0, fact.week ?? 0);
    if (fact === null || usual < fewClients || fact.latest > usual / 2) return null;
    return { fact, test: (value) => value <= 0.6 * usual };
  },
  lag: (view) => lagMetrics.map((id) => unusual(view, id, lagLimit(view, id))).find(Boolean) ?? null,
  load: (view) => {
    const fact = metricFact(view, "DBLoad");
    return fact === null ? null : unusual(view, fact.id, Math.max(2, manyTimes * (usualHigh(fact) ?? 0)));
  },
  connections: (view) => {
    const fact = metricFact(view, "DatabaseConnections");
    if (fact === null || isUsual(fact)) return null;
    return { fact, test: (value) => value >= 0.8 * fact.latest };
  },
};

const manyTimes = 4;
/** Fewer are no crowd that could stay away. */
const fewClients = 10;
/** Of the threshold: below it a write is quick, whatever it was. */
const noticed = 0.25;

/** Commits wait for writes that take many times as long as usual, well before each of them takes as long as the threshold. */
function slowerWrites(view: View): Sign | null {
  const limit = view.thresholds.ioLatencySeconds;
  const fact = metricFact(view, "WriteLatency");
  const usual = fact === null ? null : usualHigh(fact);
  const many = usual === null ? limit : Math.max(noticed * limit, manyTimes * usual);
  return unusual(view, "WriteLatency", Math.min(limit, many));
}

/** A tenth less than a day ago, and not as it has gone all week. */
function fallenSpace(view: View): Sign | null {
  const fact = metricFact(view, "FreeStorageSpace");
  if (fact === null || fact.day === null) return null;
  const { day, week, latest } = fact;
  const asAllWeek = week !== null && (week - day) / 6 >= (day - latest) / 2;
  return latest > 0.9 * day || asAllWeek ? null : { fact, test: (value) => value <= 0.9 * day };
}

function unusual(view: View, id: string, limit: number): Sign | null {
  const fact = metricFact(view, id);
  return fact === null || isUsual(fact) ? null : { fact, test: (value) => value >= limit };
}

/** Kinds of messages are counted for a quarter of an hour. */
const countedMs = 14 * 60_000;
const minuteMs = 60_000;

/**
 * Since when the error log says it; null where it does not. That it was not said before is seen where nothing is left out
 * of the log from then on, or where all of its kind were counted and the log reaches further back.
 */
export function saidSince({ evidence }: View, words: RegExp): Onset | null {
  const logs = evidence.context?.logs ?? [];
  const told = [
    ...logRecords(evidence).map(({ text, at }) => ({ text, at: 1000 * at })),
    ...logs.flatMap(({ read, repeats = [] }) => [
      ...(read?.kinds ?? []).map(({ text, since }) => ({ text, at: 1000 * since })),
      ...repeats.map(({ kind, since }) => ({ text: kind, at: Date.parse(since) })),
      { text: "", at: Date.parse(read?.until ?? "") - 1000 * (read?.seconds ?? 0) },
    ]),
  ];
  const at = Math.min(...told.flatMap((one) => (words.test(one.text) ? [one.at] : [])));
  const before = at - minuteMs;
  const reaches = told.some((one) => one.at < before);
  const seen =
    logs.some(({ wholeSince = "" }) => Date.parse(wholeSince ?? "1970") < before) ||
    (reaches && at > Date.parse(evidence.collectedAt) - countedMs);
  return Number.isFinite(at) ? { at, latest: at, seen, isNew: false } : null;
}
