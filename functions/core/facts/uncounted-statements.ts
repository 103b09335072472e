import { type PostgresPlanRow, postgresPlansRows } from "../probes/postgres/plans/rows.ts";
import { compare } from "../text/compare.ts";
import { type Statement, sessionsRunning, statementsOf } from "./statements.ts";
import type { View } from "./view.ts";

/**
 * What several sessions run just now and no statistics tell: they count a call when it ends, and what a time-out, an
 * impatient client or the replay of a standby cuts off never does. As costly as any, and seen in sessions alone.
 */
export function uncounted(view: View): readonly Statement[] {
  const counted = new Set((statementsOf(view) ?? []).map(({ id, user }) => `${user}/${id}`));
  return (view.rows(postgresPlansRows) ?? [])
    .filter(({ queryId, user }) => !counted.has(`${user}/${queryId}`))
    .flatMap((plan) => asRunning(view, plan) ?? [])
    .toSorted((a, b) => compare(a.key, b.key));
}

/** "6 sessions run it just now, and no call of it is counted among those that take most: …". */
export function uncountedText(running: number): string {
  return `${running} sessions run it just now, and no call of it is counted among those that take most: it is new, or a time-out cuts its calls off`;
}

/** Whose calls are cut off before they are counted: by those who run it. One alone may be a report. */
export function asRunning(view: View, plan: PostgresPlanRow): Statement | null {
  const running = Math.min(plan.running ?? 0, Math.max(sessionsRunning(view, plan.query).length, 2));
  if (running < 2) return null;
  const active = (view.sessions ?? []).filter(({ state, own }) => state === "active" && !own).length;
  const statement = asStatement(plan);
  const percentOfTime = Math.min(100, (100 * running) / Math.max(active, running));
  return { ...statement, running, now: { ...statement.now, averageSessions: running, percentOfTime } };
}

/** What a plan's row knows of its statement; nothing about now. */
export function asStatement(plan: PostgresPlanRow): Statement {
  const { queryId, user, query, calls, totalSeconds, meanSeconds, meanRows } = plan;
  return {
    key: `${user ?? "?"}/${queryId}`,
    id: queryId,
    user,
    query,
    source: "postgres-plans",
    now: {
      seconds: 0,
      callsPerSecond: 0,
      averageSessions: 0,
      meanSeconds: null,
      percentOfTime: 0,
      rowsPerSecond: 0,
      examinedPerSecond: null,
      tempBytesPerSecond: null,
      diskTablesPerSecond: null,
      mergePassesPerSecond: null,
      pagesReadPerSecond: null,
      jitPercent: null,
    },
    total: {
      calls,
      seconds: totalSeconds,
      meanSeconds,
      rows: calls * meanRows,
      examined: null,
      tempBytes: null,
      withoutIndex: null,
      ioSeconds: null,
      lockSeconds: null,
      firstSeenAt: null,
    },
  };
}
