import type { RowHolder } from "../contract/context.ts";
import { loadShares, totalLoad } from "./insights.ts";
import { standingWaits } from "./standing-waits.ts";
import type { View } from "./view.ts";
import { loadAt } from "./wait-load.ts";
import { waitNames } from "./wait-names.ts";

/** A transaction that keeps its rows, by what the log says of those who wait for it (log_lock_waits). */
export interface LoggedRowHolder extends RowHolder {
  /** At the least: since the first of those who wait still. */
  readonly heldSeconds: number;
  /** By Performance Insights less than one session works, all others together: it does nothing. False where nobody knows. */
  readonly idle: boolean;
}

/** SPEC T: idle in transaction. Rows that go from hand to hand have another transaction by then. */
const keptSeconds = 60;
const least = 2;
/** It has been at it for part of the window only. */
const oneAtWork = 0.8;
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
  return { ...most, heldSeconds, idle: isNobodyAtWork(view, heldSeconds) };
}

/** Whoever works or waits for anything but rows is counted, a holder at work among them. */
function isNobodyAtWork(view: View, heldSeconds: number): boolean {
  const loads = loadShares(view, "wait-event");
  const others = loads.filter(({ name }) => !waitNames.row.test(name));
  const its = oneAtWork * Math.min(1, heldSeconds / windowSeconds);
  const mayBeIts = loadShares(view, "statement").some(
    ({ load, waits }) => load - loadAt({ waits }, waitNames.row) >= its,
  );
  return loads.length > 0 && !mayBeIts && totalLoad(others) < oneAtWork;
}
