import type { TableQueue } from "../contract/log-excerpt.ts";
import { metricFact, usualHigh } from "./metric-facts.ts";
import { isMany } from "./severity.ts";
import { standingWaits } from "./standing-waits.ts";
import type { View } from "./view.ts";

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

/** In a while who waits is in the load, too. */
const soonSeconds = 3 * 60;
/** Whoever came since would have said so by then. */
export const longSilent = 15 * 60;

/**
 * An end is logged, but for who gives up within a block that catches it (lock_timeout): the log has been silent, and the
 * DB load has not half of them over the usual, or nothing else tells of them.
 */
export function mayBeOver(view: View, waiting: number, silentSeconds: number): boolean {
  const load = metricFact(view, "DBLoad");
  const over = load === null ? null : load.latest - (usualHigh(load) ?? 0);
  if (over !== null) return silentSeconds >= soonSeconds && over < waiting / 2;
  return silentSeconds >= longSilent && !keepsConnections(view, { waiting });
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
