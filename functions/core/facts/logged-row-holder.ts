import type { RowHolder } from "../contract/log-excerpt.ts";
import { fingerprint } from "../text/fingerprint.ts";
import { loadShares, totalLoad } from "./insights.ts";
import { standingWaits } from "./standing-waits.ts";
import type { View } from "./view.ts";
import { loadAt } from "./wait-load.ts";
import { waitNames } from "./wait-names.ts";

/** A transaction that keeps its rows, by what the log says of those who wait for it (log_lock_waits). */
export interface LoggedRowHolder extends RowHolder {
  /** At the least: since the first of those who wait still. */
  readonly heldSeconds: number;
  /** Whether it does nothing meanwhile, by what Performance Insights saw at work beside those who wait for rows. */
  readonly idle: "proved" | "likely" | "unknown";
  /** Sessions that wait for it, by the log or by the load of what they want to do, whichever are more. */
  readonly sessions: number;
  /** More wait for rows than those: of whomever. */
  readonly othersWait: boolean;
}

/** SPEC T: idle in transaction. Rows that go from hand to hand have another transaction by then. */
const keptSeconds = 60;
const least = 2;
/** Sessions at work: less than this of one is no statement that runs. */
const oneAtWork = 0.8;
/** A loop over a network leaves the server idle for part of its time. */
const leastOfOne = 0.3;
/** Performance Insights' load is a mean of so long: who was at work all the time that it was there makes its part of one. */
const windowSeconds = 15 * 60;

/** Whom most wait for, one and the same transaction for a minute or more; null where none is named so. */
export function loggedRowHolder(view: View): LoggedRowHolder | null {
  const { evidence } = view;
  const read = standingWaits(evidence);
  const kept = (of: RowHolder, until: string | null) =>
    (Date.parse(until ?? "") - Date.parse(of.since)) / 1000;
  const most = read?.rowHolders?.find((one) => one.waiting >= least && kept(one, read.until) >= keptSeconds);
  if (most === undefined) return null;
  const heldSeconds = kept(most, evidence.collectedAt);
  return { ...most, heldSeconds, idle: idleBy(view, heldSeconds), ...waitersOf(view, most) };
}

/** Whoever works or waits for anything but rows is counted, a holder at work among them, in however many statements. */
function idleBy(view: View, heldSeconds: number): LoggedRowHolder["idle"] {
  const loads = loadShares(view, "wait-event");
  if (loads.length === 0) return "unknown";
  const others = totalLoad(loads.filter(({ name }) => !waitNames.row.test(name)));
  const part = Math.min(1, heldSeconds / windowSeconds);
  if (others < leastOfOne * part) return "proved";
  const mayBeIts = loadShares(view, "statement").some(
    ({ load, waits }) => load - loadAt({ waits }, waitNames.row) >= oneAtWork * part,
  );
  return others < oneAtWork && !mayBeIts ? "likely" : "unknown";
}

/** A statement is compared as far as both show it. */
const longestCompared = 200;

function waitersOf(
  view: View,
  { statement, waiting }: RowHolder,
): Pick<LoggedRowHolder, "sessions" | "othersWait"> {
  const shape = (query: string | null) => fingerprint(query)?.slice(0, longestCompared);
  const wanted = shape(statement);
  const its = loadShares(view, "statement")
    .filter(({ name }) => wanted !== undefined && shape(name) === wanted)
    .reduce((sum, share) => sum + loadAt(share, waitNames.row), 0);
  const all = totalLoad(loadShares(view, "wait-event").filter(({ name }) => waitNames.row.test(name)));
  const sessions = Math.max(waiting, its);
  return { sessions, othersWait: all > 2 * sessions };
}
