import { type ChangeRow, changeTable, type Deviation } from "./change-table.ts";
import { grownSwap, lowMemory } from "./memory.ts";
import { beginOf, isAlarming, lastingFor, type MetricFact, metricFact, usualHigh } from "./metric-facts.ts";
import { parameterCauses } from "./parameter-causes.ts";
import { minutesSince } from "./rds-facts.ts";
import { isUsual } from "./usual.ts";
import type { View } from "./view.ts";
import { becameSmaller, type Happened, whatChanged } from "./what-changed.ts";

/** A change that came shortly before a deviation, and can explain it (SPEC M7). */
export interface Blamed {
  readonly change: Happened;
  readonly minutesAgo: number;
  /** "it began 12 min after the change of its class to db.r6g.large"; what to make of it is `advice`. */
  readonly says: string;
  /** With the page that makes it true. */
  readonly advice: string;
  readonly largerClass: "useless" | "last";
}

const minuteMs = 60_000;
/** Points stand for the minute that begins with them, and RDS tells of a change when it has noted it. */
const slackMinutes = 2;

/** The newest change that explains the first of these deviations that is there; null: none, or none that was before it. */
export function blamedChange(view: View, deviations: readonly Deviation[]): Blamed | null {
  const all = whatChanged(view);
  if (all.length === 0) return null;
  // Most changes restart the database: the restart is blamed where nothing else is.
  const changes = [
    ...all.filter(({ kind }) => kind !== "restart"),
    ...all.filter(({ kind }) => kind === "restart"),
  ];
  return (
    deviations.map((deviation) => blamedFor(view, deviation, changes)).find((one) => one !== null) ?? null
  );
}

function blamedFor(view: View, deviation: Deviation, changes: readonly Happened[]): Blamed | null {
  const onset = onsetOf(view, deviation);
  if (onset === null) return null;
  for (const change of changes) {
    const row = rowOf(view, change, deviation);
    const distance = (onset.at - Date.parse(change.at)) / minuteMs;
    // What has no past was made lately; of anything else it must be known that it was not always so.
    const known = onset.seen || onset.isNew || hasNoPast.includes(change.kind);
    if (row === null || !known || distance < -slackMinutes || distance > row.withinMinutes) continue;
    const minutesAgo = minutesSince(view, change.at);
    const says = onset.seen
      ? `it began ${Math.max(0, Math.round(distance))} min after ${change.says}`
      : `it follows ${change.says}, ${minutesAgo} min ago`;
    return {
      change,
      minutesAgo,
      says,
      advice: `${row.advice} (${row.page})`,
      largerClass: row.largerClass ?? "last",
    };
  }
  return null;
}

const hasNoPast: readonly Happened["kind"][] = ["restored", "new-replica"];

function rowOf(view: View, change: Happened, deviation: Deviation): ChangeRow | null {
  if (change.kind === "parameter" && !parameterCauses(change.name ?? "", change.to, deviation)) return null;
  const row = changeTable.find(
    ({ kind, explains, only }) =>
      kind === change.kind && explains.includes(deviation) && (only?.(view, change, becameSmaller) ?? true),
  );
  return row ?? null;
}

interface Onset {
  readonly at: number;
  /** To begin; otherwise it began then or before. */
  readonly seen: boolean;
  /** A day or a week ago it was not so. */
  readonly isNew: boolean;
}

/** When it began, at the latest; null while it is not so, or as it was a day or a week ago. */
export function onsetOf(view: View, deviation: Deviation): Onset | null {
  const sign = signs[deviation](view);
  if (sign === null) return null;
  const { fact, test } = sign;
  if (lastingFor(view, fact, test) === null) return null;
  const { at, seen } = beginOf(fact, test);
  const alarmed = isAlarming(view, fact.id) ? Date.parse(view.evidence.signal?.at ?? "") : Number.NaN;
  const isNew = fact.day !== null || fact.week !== null;
  return Number.isNaN(alarmed) || alarmed >= at ? { at, seen, isNew } : { at: alarmed, seen: false, isNew };
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
  connections: (view) => {
    const fact = metricFact(view, "DatabaseConnections");
    if (fact === null || isUsual(fact)) return null;
    return { fact, test: (value) => value >= 0.8 * fact.latest };
  },
};

const manyTimes = 4;
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
