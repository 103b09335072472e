import type { MysqlPurgeRow } from "../probes/mysql/oldest-transaction-purge-rows.ts";
import {
  type MysqlTransactionRow,
  mysqlOldestTransactionRows,
} from "../probes/mysql/oldest-transaction-rows.ts";
import { compare } from "../text/compare.ts";
import type { View } from "./view.ts";

/** Who keeps purge from removing old row versions, as far as InnoDB's monitor proves it. */
export interface PurgeSight {
  readonly holder: PurgeHolder | null;
  /** The one that is proved to, and is not old yet. */
  readonly young: MysqlTransactionRow | null;
  /** Old transactions that may have a view, the oldest first; without the holder, and without those that have none. */
  readonly candidates: readonly MysqlTransactionRow[];
  /** Whether open transactions were seen at all. */
  readonly seen: boolean;
  /** Instances that may hold purge as well, into which nobody looked. */
  readonly readers: readonly string[];
}

export interface PurgeHolder {
  readonly row: MysqlTransactionRow;
  /** Committed transactions whose old versions only wait for it or for a younger view, at least. */
  readonly keeps: number;
  readonly because: string;
  /** False where it is only the one that is left over: likely enough to name it, and a person decides. */
  readonly proved: boolean;
  /** Why purge could stand where it is when this one has ended; null: nothing else that is open could hold it there. */
  readonly notAlone: string | null;
}

/** How many open transactions the probe lists. */
const listedAtMost = 30;

export function purgeSight(view: View, purge: MysqlPurgeRow): PurgeSight {
  const seen = view.rows(mysqlOldestTransactionRows);
  const rows = seen ?? [];
  const old = rows
    .filter((row) => isOld(view, row))
    .toSorted((a, b) => b.ageSeconds - a.ageSeconds || compare(a.transactionId, b.transactionId));
  const proved = byPosition(rows, purge) ?? byElimination(rows, purge);
  const holder = proved !== null && old.includes(proved.row) ? proved : null;
  return {
    holder: holder && { ...holder, notAlone: holder.notAlone ?? unseenViews(view) },
    young: proved !== null && holder === null ? proved.row : null,
    candidates: old.filter((row) => row !== holder?.row && mayHaveView(row)),
    seen: seen !== null,
    readers: readersOf(view),
  };
}

/** One that runs is as old as a long statement has to be, and one that idles as an idle transaction. */
function isOld({ thresholds }: View, { state, ageSeconds }: MysqlTransactionRow): boolean {
  const { longRunningSeconds, idleInTransactionSeconds } = thresholds;
  return ageSeconds >= (state === "active" ? longRunningSeconds : idleInTransactionSeconds);
}

type Open = { readonly row: MysqlTransactionRow; readonly unseenFrom: number };

/**
 * What waits for purge has numbers from `purgedBelow` on, and a view keeps those from `unseenFrom` on: of the history,
 * at most what lies between the two is purge's own delay. Half of it proves the view.
 */
function byPosition(
  rows: readonly MysqlTransactionRow[],
  { historyListLength, monitor }: MysqlPurgeRow,
): PurgeHolder | null {
  const open = rows
    .flatMap((row): readonly Open[] => {
      const unseenFrom = row.readView?.unseenFrom ?? null;
      return unseenFrom === null ? [] : [{ row, unseenFrom }];
    })
    .toSorted((a, b) => a.unseenFrom - b.unseenFrom || compare(a.row.transactionId, b.row.transactionId));
  const [oldest, next] = open;
  if (!monitor || oldest === undefined) return null;
  const keeps = historyListLength - Math.max(0, oldest.unseenFrom - monitor.purgedBelow);
  if (keeps * 2 < historyListLength) return null;
  return {
    row: oldest.row,
    keeps,
    proved: true,
    because: `InnoDB lists its view of the data, which sees nothing of transactions from ${oldest.unseenFrom} on, and purge is done below ${monitor.purgedBelow} of ${monitor.nextNumber}`,
    notAlone: notAlone(open.length, next, historyListLength, monitor),
  };
}

function notAlone(
  listed: number,
  next: Open | undefined,
  length: number,
  { openViews, nextNumber }: NonNullable<MysqlPurgeRow["monitor"]>,
): string | null {
  if (openViews > listed)
    return `${openViews - listed} of the ${openViews} views that are open belong to transactions that InnoDB does not list`;
  const nextKeeps = next === undefined ? 0 : nextNumber - next.unseenFrom;
  return nextKeeps * 2 < length ? null : `the next view (${nameOf(next?.row)}) is nearly as old`;
}

/**
 * MySQL lists no transaction that has only read. One view is open at both readings, purge stands still between them,
 * and one transaction alone can have it: it is not listed and has locked nothing, so that all it did was read. Writers
 * come and go beside it; who began long after the history did has not kept it.
 */
function byElimination(rows: readonly MysqlTransactionRow[], purge: MysqlPurgeRow): PurgeHolder | null {
  const { historyListLength, monitor } = purge;
  const one = monitor?.openViews === 1 && monitor.openViewsBefore === 1;
  if (!one || !monitor.purgeStands || rows.length >= listedAtMost) return null;
  if (rows.some(({ readView }) => readView === undefined)) return null;
  const [only, another] = rows.filter((row) => mayHaveView(row) && !isTooYoung(row, purge));
  const alone = only !== undefined && another === undefined;
  if (!alone || only.readView !== null || only.rowsLocked > 0) return null;
  return {
    row: only,
    keeps: historyListLength,
    proved: false,
    because:
      "one view of the data is open, no other transaction that began early enough can have it, and purge stands still",
    notAlone: null,
  };
}

/** Growth is uneven: ten times as fast as now, and the history would still have taken longer than its transaction. */
const fastest = 10;

function isTooYoung(
  { ageSeconds }: MysqlTransactionRow,
  { historyListLength, historyGrowthPerSecond: growth }: MysqlPurgeRow,
): boolean {
  return growth !== null && growth > 0 && ageSeconds * growth * fastest < historyListLength;
}

/**
 * Aurora's instances share one volume: what a reader still reads, the writer may not purge.
 * https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/proactive-insights.history-list.html
 */
function unseenViews({ evidence: { target } }: View): string | null {
  return target.flavour === "aurora"
    ? "views on the cluster's readers hold purge, too, and the look was not at them"
    : null;
}

/** The other members of an Aurora cluster; none where RDS was not asked for them. */
function readersOf({ evidence: { target, context } }: View): readonly string[] {
  if (target.flavour !== "aurora") return [];
  const members = context?.topology?.members ?? [];
  return members
    .map(({ id }) => id)
    .filter((id) => id !== target.name)
    .toSorted(compare);
}

/**
 * InnoDB lists it without one; or it idles, and not under REPEATABLE READ: below, a view lasts for a statement, above,
 * reads take locks instead. https://dev.mysql.com/doc/refman/8.4/en/innodb-transaction-isolation-levels.html
 */
function mayHaveView({ readView, isolationLevel, state }: MysqlTransactionRow): boolean {
  if (readView?.unseenFrom === null) return false;
  return isolationLevel === "REPEATABLE READ" || state === "active";
}

export function nameOf(row: MysqlTransactionRow | undefined): string {
  if (row === undefined) return "unknown";
  return row.sessionId === null ? `transaction ${row.transactionId}` : `connection ${row.sessionId}`;
}
