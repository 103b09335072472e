import { mostFrequent } from "../text/most-frequent.ts";
import { loadShares, totalLoad } from "./insights.ts";
import type { LogWords } from "./log-lines.ts";
import { isInPart, loggedWaits, statementOf } from "./logged-waits.ts";
import type { View } from "./view.ts";
import { loadAt } from "./wait-load.ts";
import { waitNames } from "./wait-names.ts";

/** Of rows one waits for the transaction that has them, and the next for the row, behind whom waits first. */
export const rowLockWait: LogWords = {
  levels: ["LOG"],
  says: /^process (\d{1,10}) still waiting for (?:ShareLock on transaction|ExclusiveLock on tuple) (\d+|\(\S+\))/,
};

/** A transaction that keeps its rows, by what the log says of those who wait for it (log_lock_waits). */
export interface LoggedRowHolder {
  /** A number that may be somebody else's by now. */
  readonly process: string;
  /** At the least: since the first of those who wait still. */
  readonly heldSeconds: number;
  readonly waiters: number;
  /** There may be more of them: of a long log some lines are left out. */
  readonly inPart: boolean;
  /** Whose rows they are; null where it was not logged. */
  readonly table: string | null;
  /** What most of them want to do, without values. */
  readonly statement: string | null;
  /** By Performance Insights less than one session works, all others together: it does nothing. False where nobody knows. */
  readonly idle: boolean;
}

/** SPEC T: idle in transaction. Rows that go from hand to hand have another transaction by then. */
const keptSeconds = 60;
const least = 2;
/** What is older may be over, and its end in another file. */
const recentSeconds = 15 * 60;
/** It has been at it for part of the window only. */
const oneAtWork = 0.8;
/** Performance Insights' load is a mean of so long: who was at work all the time that it was there makes its part of one. */
const windowSeconds = 15 * 60;

const ofTable = /in relation "([^"]{1,130})"/;

/** Whom most wait for, one and the same transaction for a minute or more; null where none is named so. */
export function loggedRowHolder(view: View): LoggedRowHolder | null {
  const { evidence } = view;
  if (evidence.target.engine !== "postgres") return null;
  const now = Date.parse(evidence.collectedAt) / 1000;
  const waits = loggedWaits(evidence, rowLockWait).filter(
    ({ record: { at } }) => at <= now + 60 && now - at <= recentSeconds,
  );
  const waiting = new Set(waits.map(({ record: { process } }) => process));
  // Who has a tuple waits for the transaction that has its row, and is no holder of it.
  const groups = Map.groupBy(waits, ({ mode, holders }) =>
    holders.length === 1 && !mode.startsWith("(") && !waiting.has(holders[0] ?? "")
      ? `${mode} ${holders[0]}`
      : "",
  );
  groups.delete("");
  const [most] = [...groups.values()].toSorted((a, b) => b.length - a.length);
  const times = (most ?? []).map(({ record: { at } }) => at);
  const kept = Math.max(...times) - Math.min(...times);
  if (most === undefined || most.length < least || kept < keptSeconds) return null;
  const [process = ""] = most[0]?.holders ?? [];
  // Those behind the first of a row wait for its waiters.
  const behind = waits.filter(({ holders }) => holders.some((one) => waiting.has(one)));
  const all = [...most, ...behind].map(({ record }) => record);
  const tables = all.flatMap(({ details }) => details.flatMap(({ text }) => ofTable.exec(text)?.[1] ?? []));
  return {
    process,
    heldSeconds: now - Math.min(...times),
    waiters: all.length,
    inPart: isInPart(evidence),
    table: mostFrequent(tables)[0]?.text ?? null,
    statement: mostFrequent(all.flatMap((record) => statementOf(record) ?? []))[0]?.text ?? null,
    idle: isNobodyAtWork(view, now - Math.min(...times)),
  };
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
