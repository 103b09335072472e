import { mysqlLastDeadlockRows } from "../probes/mysql/last-deadlock-rows.ts";
import { mysqlLimitsRows } from "../probes/mysql/limits/rows.ts";
import {
  mysqlStatementDigestsRows,
  type StatementDigestRow,
} from "../probes/mysql/statement-digests/statement-digests-rows.ts";
import { asksNowait } from "../text/asks-nowait.ts";
import { compare } from "../text/compare.ts";
import { isApplications } from "./statements.ts";
import { waitsForLocks } from "./strain.ts";
import type { View } from "./view.ts";

/** Of one schema between two readings, the statements that were listed alone (MySQL, MariaDB). */
export interface FailingCalls {
  readonly schema: string;
  readonly callsPerSecond: number;
  /** What deadlocks end is not among them: it is told as such. */
  readonly errorsPerSecond: number;
  readonly intervalSeconds: number;
  /** Null where deadlocks came of late and are not counted: all may be theirs. */
  readonly deadlocksPerSecond: number | null;
  /** Of the errors, those of statements that ask by NOWAIT: perhaps the answer that a row is taken, and no fault. */
  readonly perhapsAnswersPerSecond: number;
  /** Most errors first. */
  readonly statements: readonly StatementDigestRow[];
}

/** A digest counts what fails as a call and as an error; empty where nothing failed, or no probe could see it. */
export function failingCalls(view: View): readonly FailingCalls[] {
  const rows = (view.rows(mysqlStatementDigestsRows) ?? []).filter(isApplications);
  const deadlocks = deadlocksPerSecond(view);
  const answers = answersOf(view, rows);
  return [...Map.groupBy(rows, ({ schema }) => schema ?? "no schema")]
    .toSorted(([a], [b]) => compare(a, b))
    .flatMap(([schema, all]) => {
      const [first] = all;
      const statements = all
        .filter(({ now, query }) => now.errorsPerSecond > 0 && !waitsForLocks(view, { query, now }))
        .filter(({ query }) => answers !== "yes" || !asksNowait(query))
        .toSorted((a, b) => b.now.errorsPerSecond - a.now.errorsPerSecond || compare(a.digest, b.digest));
      if (first === undefined || statements.length === 0) return [];
      const errors = sumOf(statements);
      const perhaps = answers === "no" ? [] : statements.filter(({ query }) => asksNowait(query));
      return [
        {
          schema,
          callsPerSecond: all.reduce((sum, { now }) => sum + now.callsPerSecond, 0),
          errorsPerSecond: Math.max(0, errors - (deadlocks ?? 0)),
          intervalSeconds: first.now.intervalSeconds,
          deadlocksPerSecond: deadlocks,
          perhapsAnswersPerSecond: sumOf(perhaps),
          statements,
        },
      ];
    });
}

const sumOf = (statements: readonly StatementDigestRow[]): number =>
  statements.reduce((sum, { now }) => sum + now.errorsPerSecond, 0);

const recentSeconds = 60;

/** "Statement aborted because lock(s) could not be acquired immediately and NOWAIT is set." */
const lockNowait = 3572;
/** Raised with it, once each. https://dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html */
const itsTwin = 1030;
/** Of the errors of such statements; numbers are read at another moment than the statements. */
const nearlyAll = 0.5;
/** Others beside it, which may be warnings. */
const few = 0.2;

/** Whether the errors of statements that say NOWAIT are of this number; "perhaps" where none is counted, or others are. */
function answersOf(view: View, rows: readonly StatementDigestRow[]): "yes" | "perhaps" | "no" {
  const numbers = view.rows(mysqlLimitsRows)?.[0]?.refusals ?? null;
  if (numbers === null) return "perhaps";
  const recent = numbers.filter(({ secondsAgo }) => secondsAgo <= recentSeconds);
  const count = recent.find(({ errno }) => errno === lockNowait)?.count ?? 0;
  if (count === 0) return "no";
  const asking = rows.filter(({ query }) => asksNowait(query));
  const errors = asking.reduce((sum, { sinceStart }) => sum + sinceStart.errors, 0);
  const others = recent
    .filter(({ errno }) => errno !== lockNowait)
    .reduce((sum, one) => sum + (one.errno === itsTwin ? Math.max(0, one.count - count) : one.count), 0);
  return count >= nearlyAll * errors && others <= few * count ? "yes" : "perhaps";
}

function deadlocksPerSecond(view: View): number | null {
  const last = view.rows(mysqlLastDeadlockRows)?.[0];
  if (last?.now != null) return last.now.deadlocks / Math.max(0.001, last.now.intervalSeconds);
  return last !== undefined && last.ageSeconds !== null && last.ageSeconds <= recentSeconds ? null : 0;
}

/** Which errors they are, most frequent first; null where the server does not count them by number (MariaDB). */
export function recentErrors(view: View): readonly string[] | null {
  const all = view.rows(mysqlLimitsRows)?.[0]?.refusals ?? null;
  if (all === null) return null;
  return all
    .filter(({ name, secondsAgo }) => name !== undefined && secondsAgo <= recentSeconds)
    .toSorted((a, b) => b.count - a.count || a.errno - b.errno)
    .slice(0, 3)
    .map(({ errno, name, count }) => `${errno} ${name ?? ""} (${count} since the start)`);
}
