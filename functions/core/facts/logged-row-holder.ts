import type { RowHolder } from "../contract/log-excerpt.ts";
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
  /** Since the newest word of who waits for it. */
  readonly silentSeconds: number;
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
  // Each end of a wait is a line: what stands at the log's end stands now.
  const kept = ({ since }: RowHolder) => (Date.parse(evidence.collectedAt) - Date.parse(since)) / 1000;
  const most = read?.rowHolders?.find((one) => one.waiting >= least && kept(one) >= keptSeconds);
  if (most === undefined) return null;
  const heldSeconds = kept(most);
  const silentSeconds = (Date.parse(evidence.collectedAt) - Date.parse(most.until ?? most.since)) / 1000;
  return {
    ...most,
    heldSeconds,
    idle: idleBy(view, heldSeconds),
    othersWait: othersWait(view, most),
    silentSeconds,
  };
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

/** Who waits stands in the log: whoever waits beside them takes turns, or waits for somebody else. */
function othersWait(view: View, { waiting }: RowHolder): boolean {
  const all = totalLoad(loadShares(view, "wait-event").filter(({ name }) => waitNames.row.test(name)));
  return all > 2 * waiting;
}
