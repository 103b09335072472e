import type { LockWait } from "../contract/locks.ts";
import type { Session } from "../contract/session.ts";
import { mysqlInnodbRatesRows } from "../probes/mysql/innodb-rates-rows.ts";
import { compare } from "../text/compare.ts";
import { lockObject } from "../text/wording.ts";
import { othersHadIt, spentSeconds, waitedForSeconds, waitsForRow } from "./held-since.ts";
import { type LockGraph, type LockMember, subtree } from "./lock-graph.ts";
import { lockTurns, rowQueueSign } from "./lock-turns.ts";
import type { View } from "./view.ts";

/** A lock that goes from hand to hand: many short turns, and a queue. */
export interface HandOver {
  /** What they take turns on, where that is no row. */
  readonly wait: LockWait | null;
  /** "row (0,7) of public.orders"; its address changes with every update. Null: only its holder is known. */
  readonly row: string | null;
  /** Where no row is told: the tables, one of which has it. Empty: not known either. */
  readonly rowsOf: readonly string[];
  readonly waiting: number;
  /** How long, at most, it has been in the present hands. */
  readonly turnSeconds: number;
  /** How long the slowest of the waiters has been at it: its statement, since a wait may begin anew after each turn. */
  readonly longestSeconds: number;
}

/** With one or two, the turn of the one before is all the wait there is. */
const minWaiting = 3;

/** Whether the present holder is only the latest of many, so that ending it changes nothing. */
export function handOverOf(view: View, graph: LockGraph, holder: LockMember): HandOver | null {
  return rowHandOver(view, graph, holder) ?? lockHandOver(view, graph, holder);
}

/** Whether a later look found that the holder had given up, by itself, what others wanted. */
export function gaveUp({ secondLooks }: LockGraph, { key }: LockMember): boolean {
  return secondLooks.some(({ gone }) => gone?.includes(key) ?? false);
}

function rowHandOver(view: View, graph: LockGraph, holder: LockMember): HandOver | null {
  const { session } = holder;
  const below = subtree(graph, holder.key);
  const rows = below.filter(waitsForRow);
  if (session === null || rows.length === 0) return null;
  const spent = rows.map(spentSeconds).toSorted((a, b) => a - b);
  const longestSeconds = spent.at(-1) ?? 0;
  if (longestSeconds < view.thresholds.slowQuerySeconds) return null;
  const moved = graph.secondLooks.flatMap((look) => look.moved);
  const passedOn =
    gaveUp(graph, holder) && rows.some(({ waitsFor }) => moved.includes(waitsFor?.object ?? ""));
  if (!passedOn && !isTurn(view, graph, { holder: session, member: holder, rows, spent })) return null;
  const longestWait = Math.max(...rows.map(({ waitsFor }) => waitsFor?.waitSeconds ?? longestSeconds));
  const postgres = view.evidence.target.engine === "postgres";
  const turnSeconds = postgres
    ? Math.min(longestWait, session.transactionSeconds ?? longestWait)
    : (session.stateSeconds ?? 0);
  const hidden = below.reduce((sum, member) => sum + member.hidden, holder.hidden);
  const row = rowOf(rows);
  return {
    wait: null,
    row,
    rowsOf: row === null ? tablesOf(rows) : [],
    waiting: rows.length + hidden,
    turnSeconds,
    longestSeconds,
  };
}

interface Turn {
  readonly holder: Session;
  readonly member: LockMember;
  readonly rows: readonly LockMember[];
  /** Shortest first. */
  readonly spent: readonly number[];
}

/**
 * Of what only one look shows. It has to be at something that began a moment ago; an idle transaction or a long
 * statement is no turn, unless the queue shows that turns last as long. Then, by engine, what only turns do.
 */
function isTurn(view: View, graph: LockGraph, { holder, member, rows, spent }: Turn): boolean {
  const noticeSeconds = view.thresholds.slowQuerySeconds;
  if (rows.length < minWaiting) return false;
  const postgres = view.evidence.target.engine === "postgres";
  const sign = postgres ? "unclear" : rowQueueSign(graph, member);
  if (sign === "moves") return true;
  const median = spent[Math.floor((spent.length - 1) / 2)] ?? 0;
  if (!hasJustBegun(view, holder) && !(postgres && isOneOfThem(holder, rows, median))) return false;
  const longestSeconds = spent.at(-1) ?? 0;
  const longestWait = Math.max(...rows.map(({ waitsFor }) => waitsFor?.waitSeconds ?? longestSeconds));
  const young = (holder.transactionSeconds ?? Number.POSITIVE_INFINITY) < Math.min(median, noticeSeconds);
  if (young || othersHadIt(view, graph, member)) return true;
  if (postgres) return waitsRestart(waitedForSeconds(graph, member) ?? longestWait, median, noticeSeconds);
  if (endsByTurns(view, { waiting: rows.length, longestWait, sign })) return true;
  return queuedItself(holder.transactionSeconds, longestSeconds) && endsOrMoves(view, rows, sign);
}

/** The shortest time-out of who waits for a row that is met (innodb_lock_wait_timeout, 50 as a rule). */
const shortestTimeout = 2;
/** Turns are not served strictly by age. */
const uneven = 4;

/**
 * Waits that last a moment on average, by how many begin in a second, end because others let go, however old the
 * transaction of who has it now: it may have worked elsewhere before it queued. A wait that is far longer than that is
 * none of those that were counted.
 */
function endsByTurns(
  view: View,
  {
    waiting,
    longestWait,
    sign,
  }: { readonly waiting: number; readonly longestWait: number; readonly sign: string },
): boolean {
  const begun = view.rows(mysqlInnodbRatesRows)?.[0]?.rowLocks.waitsPerSecond ?? null;
  if (sign === "stands" || begun === null || begun <= 0) return false;
  const mean = waiting / begun;
  return mean < shortestTimeout && longestWait <= uneven * mean + innodbResolution;
}

/** Waits that give up by the time-out end, too: only of who queued itself does it tell turns. */
function endsOrMoves(view: View, rows: readonly LockMember[], sign: string): boolean {
  return waitsEnd(view, rows.length) ?? (sign !== "stands" && isOneQueue(rows));
}

function hasJustBegun({ thresholds }: View, { stateSeconds }: Session): boolean {
  return stateSeconds !== null && stateSeconds < thresholds.slowQuerySeconds;
}

/** At the same statement, and for as long as they: its statement has waited as well, and only then worked. */
function isOneOfThem(
  { state, query, statementSeconds }: Session,
  rows: readonly LockMember[],
  medianSpent: number,
): boolean {
  const alike = rows.filter(({ session }) => session?.query === query).length;
  return state === "active" && alike * 2 > rows.length && (statementSeconds ?? 0) >= medianSpent;
}

/** The same of any other lock, by the queue before it. */
function lockHandOver(view: View, graph: LockGraph, holder: LockMember): HandOver | null {
  const turns = lockTurns(view, graph, holder);
  return turns === null ? null : { ...turns, row: null, rowsOf: [] };
}

/**
 * PostgreSQL: when the row changes hands, every waiter looks for its newest version and begins to wait anew. Waits
 * that are all short beside statements that are old mean that it has just changed hands, and did so before.
 */
function waitsRestart(longestWait: number, medianSpent: number, noticeSeconds: number): boolean {
  return longestWait < noticeSeconds && medianSpent > 2 * longestWait;
}

/**
 * InnoDB adds a wait to its counters when it ends: waits that end all the time while as many go on waiting are turns.
 * Null when the counters were not read.
 */
function waitsEnd(view: View, waiting: number): boolean | null {
  const averageWaiters = view.rows(mysqlInnodbRatesRows)?.[0]?.rowLocks.averageWaiters ?? null;
  return averageWaiters === null ? null : averageWaiters >= waiting / 2;
}

/** At least half of them want one row. Where each wants a row of its own, one has them all: a job that commits at the end. */
function isOneQueue(rows: readonly LockMember[]): boolean {
  const byRow = Map.groupBy(rows, ({ waitsFor }) => waitsFor?.object ?? "");
  return 2 * Math.max(...[...byRow.values()].map(({ length }) => length)) >= rows.length;
}

/** InnoDB tells transactions' ages in whole seconds. */
const innodbResolution = 1;

/** The holder began no earlier than the oldest of those behind it: it stood in the same queue a moment ago. */
function queuedItself(transactionSeconds: number | null, longestSeconds: number): boolean {
  return transactionSeconds !== null && transactionSeconds <= longestSeconds + innodbResolution;
}

/** Only the first in PostgreSQL's queue is known to wait for a row; the others wait for the holder's transaction. */
function rowOf(waiters: readonly LockMember[]): string | null {
  const names = waiters.flatMap(({ waitsFor }) => (waitsFor === null ? [] : [lockObject(waitsFor)]));
  return names.filter((name) => / of \S/.test(name)).toSorted(compare)[0] ?? null;
}

/** Those that all have in common who tell any: they queue for one row. */
function tablesOf(waiters: readonly LockMember[]): readonly string[] {
  const told = waiters.flatMap(({ waitsFor }) => (waitsFor?.rowsOf === undefined ? [] : [waitsFor.rowsOf]));
  const [first = []] = told;
  return first.filter((table) => told.every((tables) => tables.includes(table)));
}
