import type { Severity } from "../contract/finding.ts";
import type { TableQueue } from "../contract/log-excerpt.ts";
import { type MetricFact, metricFact, usualHigh } from "./metric-facts.ts";
import { levelBefore } from "./metric-levels.ts";
import { areMore } from "./more-connections.ts";
import { isMany } from "./severity.ts";
import { standingWaits } from "./standing-waits.ts";
import type { View } from "./view.ts";
import { severityOfWaits, workFallen } from "./work-fallen.ts";

/** A queue for a table by the log alone; its request is null where nobody can tell whom they wait for. */
export interface LoggedLockQueue extends TableQueue {
  /** Of the request, or of who has waited longest. */
  readonly waitedSeconds: number;
  /** Since the newest word of it. */
  readonly silentSeconds: number;
}

/**
 * The largest that stands. Who waits behind a request counts before whoever waits for nobody knows whom.
 */
export function loggedLockQueue({ evidence }: View): LoggedLockQueue | null {
  const queues = standingWaits(evidence)?.queues ?? [];
  const [first] = queues.toSorted((a, b) => (b.request?.behind ?? 0) - (a.request?.behind ?? 0));
  if (first === undefined) return null;
  const ago = (time: string): number =>
    Math.max(0, (Date.parse(evidence.collectedAt) - Date.parse(time)) / 1000);
  return {
    ...first,
    waitedSeconds: ago(first.request?.since ?? first.since),
    silentSeconds: ago(first.until),
  };
}

/** Whoever came since would have said so by then. */
export const longSilent = 15 * 60;
/** Nobody is asked longer whether they stand still, where nothing beside the log tells. */
const patientSeconds = 2 * 3600;

interface LoggedWaits {
  readonly waiting: number;
  /** Of the first of them. */
  readonly since: string;
  readonly silentSeconds: number;
}

/**
 * How bad waits are that the log alone tells. An end is logged, but for who gives up within a block that catches it
 * (lock_timeout): where nobody has come for a while, P3 where they are gone by the load, and P2 where nothing tells.
 */
export function severityOfLogged(view: View, waits: LoggedWaits, sessions: number = waits.waiting): Severity {
  const stand = waits.silentSeconds < longSilent ? true : standStill(view, waits);
  if (stand === null) return "P2";
  return stand ? severityOfWaits(view, sessions) : "P3";
}

/** Null where nothing tells. */
function standStill(view: View, waits: LoggedWaits): boolean | null {
  const fallen = workFallen(view) !== null;
  const load = metricFact(view, "DBLoad");
  return load === null ? byConnections(view, waits, fallen) : byLoad(load, waits, fallen);
}

/** Whoever waits is counted by DB load; a load as before it began is others'. */
function byLoad(
  load: MetricFact,
  { waiting, since, silentSeconds }: LoggedWaits,
  fallen: boolean,
): boolean | null {
  // Some may have given up; less than half of them, and no work done, is still a queue.
  if (load.latest < waiting / 2)
    return fallen && hasGrown(load, since, load.latest / 2) === true ? null : false;
  const grown = hasGrown(load, since, waiting / 2);
  if (grown === true && silentSeconds > patientSeconds && levelBefore(load, since) === null)
    return isMany(waiting, null) ? null : false;
  return grown === false && fallen ? null : grown;
}

/** Whoever waits keeps a connection, of a pool that may have as many at all times. */
function byConnections(
  view: View,
  { waiting, since, silentSeconds }: LoggedWaits,
  fallen: boolean,
): boolean | null {
  const soon = silentSeconds < patientSeconds;
  const connections = metricFact(view, "DatabaseConnections");
  if (soon && (fallen || hasGrown(connections, since, waiting / 2) === true)) return true;
  return areMore(view) || fallen || (soon && isMany(waiting, null)) ? null : false;
}

/** By so many since that moment, or over what is usual where the hours do not reach so far; null where nobody knows it. */
function hasGrown(fact: MetricFact | null, since: string, by: number): boolean | null {
  const before = fact === null ? null : (levelBefore(fact, since) ?? usualHigh(fact));
  return fact === null || before === null ? null : fact.latest - before >= Math.max(1, by);
}

/**
 * So many stand still that whoever comes opens another connection, or they are most of those that there are over the usual.
 */
export function keepsConnections(view: View, { waiting }: Pick<TableQueue, "waiting">): boolean {
  const fact = metricFact(view, "DatabaseConnections");
  const usual = fact === null ? null : usualHigh(fact);
  const isMost =
    fact !== null && usual !== null && fact.latest > usual && waiting > (fact.latest - usual) / 2;
  return isMany(waiting, null) || isMost;
}
