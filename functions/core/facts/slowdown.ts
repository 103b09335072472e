import { type Statement, statementsOf } from "./statements.ts";
import { waitsForLocks } from "./strain.ts";
import { plansOf } from "./table-facts.ts";
import type { View } from "./view.ts";

/** A statement that takes longer now than it did on average since statistics were reset. */
export interface Slowdown {
  readonly statement: Statement;
  readonly calls: number;
  readonly before: { readonly calls: number; readonly meanSeconds: number; readonly rowsPerCall: number };
  readonly factor: number;
  /** What shows that it works more for the same rows; null: only the time is known to have grown. */
  readonly moreWork: string | null;
}

/** Fewer calls before say nothing about what is usual, fewer now nothing about what is. */
const enoughBefore = 100;
const enoughNow = 3;
/** SPEC H2: doubled is a regression. */
const slower = 2;
const muchSlower = 5;
/** A call that is this quick is nobody's problem, whatever it was before. */
const noticeableSeconds = 0.05;

/**
 * One look has no history but the totals since the reset, which mix every hour of every day: a hint, not a proof.
 * When most statements are slower than usual the database is, and no single statement is told.
 */
export function slowdownsOf(view: View): readonly Slowdown[] {
  const measured = (statementsOf(view) ?? []).flatMap((statement) => measure(view, statement) ?? []);
  const slowed = measured.filter(({ factor }) => factor >= slower);
  if (measured.length >= 3 && slowed.length * 2 > measured.length) return [];
  return slowed.filter(
    ({ statement }) =>
      (statement.now.meanSeconds ?? 0) >= noticeableSeconds && !waitsForLocks(view, statement),
  );
}

/** Whether the plan is to blame: much slower, and doing more for as many rows. */
export function isPlan({ factor, moreWork }: Slowdown): boolean {
  return factor >= muchSlower && moreWork !== null;
}

function measure(view: View, statement: Statement): Slowdown | null {
  const { now, total } = statement;
  const calls = now.callsPerSecond * now.seconds;
  const callsBefore = total.calls - calls;
  if (calls < enoughNow || callsBefore < enoughBefore || now.meanSeconds === null) return null;
  const meanBefore = Math.max(0, total.seconds - now.averageSessions * now.seconds) / callsBefore;
  if (meanBefore <= 0) return null;
  const before = {
    calls: callsBefore,
    meanSeconds: meanBefore,
    rowsPerCall: Math.max(0, total.rows - now.rowsPerSecond * now.seconds) / callsBefore,
  };
  const factor = now.meanSeconds / meanBefore;
  return { statement, calls, before, factor, moreWork: moreWork(view, statement, before) };
}

function moreWork(
  view: View,
  { id, user, now, total }: Statement,
  before: Slowdown["before"],
): string | null {
  const rows = now.rowsPerSecond / now.callsPerSecond;
  // More rows are more work with the same plan.
  if (rows > 2 * Math.max(1, before.rowsPerCall)) return null;
  if (now.examinedPerSecond !== null && total.examined !== null) {
    const examined = now.examinedPerSecond / now.callsPerSecond;
    const usual = (total.examined - now.examinedPerSecond * now.seconds) / before.calls;
    return examined >= muchSlower * Math.max(1, usual)
      ? `it looks at ${Math.round(examined)} rows a call, ${Math.round(Math.max(0, usual))} before, for as many results`
      : null;
  }
  const plan = plansOf(view).find((one) => one.queryId === id && one.user === user);
  const problem = plan?.problems.find(({ kind }) => kind !== "sort-spill" && kind !== "hash-spill");
  return problem === undefined ? null : `its plan now: ${problem.detail}`;
}
