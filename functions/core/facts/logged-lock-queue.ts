import type { TableQueue } from "../contract/log-excerpt.ts";
import { metricFact, usualHigh } from "./metric-facts.ts";
import { dbLoad } from "./outside-load.ts";
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

/** The DB load has not half of them: they may have given up without a word. False where it was not seen. */
export function areGone(view: View, waiting: number, sinceSeconds: number): boolean {
  const load = dbLoad(view);
  return load !== null && sinceSeconds >= soonSeconds && load < waiting / 2;
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
