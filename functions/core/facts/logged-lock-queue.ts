import type { TableQueue } from "../contract/log-excerpt.ts";
import { metricFact, usualHigh } from "./metric-facts.ts";
import { areMore } from "./more-connections.ts";
import { isMany } from "./severity.ts";
import { standingWaits } from "./standing-waits.ts";
import type { View } from "./view.ts";
import { workFallen } from "./work-fallen.ts";

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

/**
 * An end is logged, but for who gives up within a block that catches it (lock_timeout). Nobody has come for a while, and
 * nothing beside the log tells of them: no more connections than as a rule, no work that has fallen, no such load.
 */
export function mayBeOver(view: View, waiting: number, silentSeconds: number): boolean {
  if (silentSeconds < longSilent || workFallen(view) !== null) return false;
  return !areMore(view) && (metricFact(view, "DBLoad")?.latest ?? 0) < waiting;
}

/** Of whom the log alone tells: also where the responder is in, and its role, or its time, shows it no sessions. */
export function notToBeEnded({ server }: View): string {
  return `${server === null ? "nobody got in" : "what it does was not seen"}, so that nobody is to be ended for it`;
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
