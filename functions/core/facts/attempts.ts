import { lastingFor, type MetricFact, metricFact, usualHigh } from "./metric-facts.ts";
import type { View } from "./view.ts";

/** Over what is usual at this hour: no release and no campaign needs so many more while a pool keeps its sessions. */
const manyTimes = 10;
/** Fewer are what scripts and health checks make, whatever the time that they are counted over. */
const least = 100;
/** Where more of them are open at a time, they have come to stay. */
const openShare = 0.5;

export interface Attempts {
  readonly fact: MetricFact;
  readonly times: number;
  readonly minutes: number;
  readonly open: number;
  /** Whenever the CPU was full they had come. False: it was before, and who gets no answer tries again. */
  readonly cameFirst: boolean;
}

/**
 * Many times as many attempts to connect as a rule, which do not stay; null where it is not so. CloudWatch counts them,
 * successful or not, of RDS for MySQL and MariaDB. Over which time it counts no page says, so they are compared with
 * themselves alone.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-metrics.html
 */
export function manyAttempts(view: View): Attempts | null {
  const fact = metricFact(view, "ConnectionAttempts");
  const open = metricFact(view, "DatabaseConnections");
  const usual = fact === null ? null : usualHigh(fact);
  if (fact === null || open === null || usual === null) return null;
  const enough = Math.max(least, manyTimes * Math.max(1, usual));
  const minutes = lastingFor(view, fact, (value) => value >= enough);
  if (minutes === null || open.latest > openShare * fact.latest) return null;
  const times = Math.round(fact.latest / Math.max(1, usual));
  const cameLater = wereUsual(view, fact, usual);
  return { fact, times, minutes, open: open.latest, cameFirst: !cameLater };
}

const asUsual = 2;
/** Of the threshold: a minute a little below it is no end of a full CPU, and one far below is. */
const farBelow = 0.75;

/** In a minute at which the CPU was full, since it has been. */
function wereUsual(view: View, { points }: MetricFact, usual: number): boolean {
  const limit = view.thresholds.cpuPercent;
  const cpu = metricFact(view, "CPUUtilization")?.points ?? [];
  const isBelow = (at: number): boolean => (cpu[at]?.value ?? 0) < limit;
  const isEnd = (at: number): boolean =>
    (cpu[at]?.value ?? 0) < farBelow * limit || (isBelow(at) && isBelow(at - 1));
  const since = cpu.findLastIndex((_, at) => isEnd(at)) + 1;
  const full = new Set(cpu.slice(since).flatMap(({ at, value }) => (value < limit ? [] : [at])));
  return points.some(({ at, value }) => full.has(at) && value <= asUsual * Math.max(1, usual));
}
