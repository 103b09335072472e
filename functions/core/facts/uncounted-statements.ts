import { type PostgresPlanRow, postgresPlansRows } from "../probes/postgres/plans/rows.ts";
import { compare } from "../text/compare.ts";
import { fingerprint } from "../text/fingerprint.ts";
import { waitKindOf } from "../text/wait-kind.ts";
import { statementText } from "../text/wording.ts";
import { loadShares } from "./insights.ts";
import { looksLockBound } from "./running.ts";
import { type Statement, sessionsRunning, statementProbes, statementsOf } from "./statements.ts";
import type { View } from "./view.ts";
import { loadAt } from "./wait-load.ts";
import { waitNames } from "./wait-names.ts";

/**
 * What several sessions run just now and no statistics tell: they count a call when it ends, and what a time-out, an
 * impatient client or the replay of a standby cuts off never does. As costly as any, and seen in sessions alone.
 */
export function uncounted(view: View): readonly Statement[] {
  const counted = new Set((statementsOf(view) ?? []).map(({ id, user }) => `${user}/${id}`));
  return (view.rows(postgresPlansRows) ?? [])
    .filter(({ queryId, user }) => !counted.has(`${user}/${queryId}`))
    .flatMap((plan) => asRunning(view, plan) ?? [])
    .concat(unkept(view))
    .toSorted((a, b) => compare(a.key, b.key));
}

/** Of fewer it is not known that they are more than reports. */
const several = 3;
/** By Performance Insights, which sees it for minutes. */
const leastOfLoad = 40;
const changes = /^\s*(?:update|delete|insert|replace)\b/i;

/**
 * What sessions run by their own words, where statistics of statements were asked for and there are none: no extension,
 * no performance_schema. Not what changes rows: whom it waits for such a server may not show.
 */
export function unkept(view: View): readonly Statement[] {
  const { probes, target } = view.evidence;
  const asked = probes.some(({ id, status }) => statementProbes.some((of) => of === id) && status !== "ok");
  if (!asked || statementsOf(view) !== null) return [];
  const atWork = (view.sessions ?? []).filter(
    (session) =>
      session.kind === "client" &&
      session.state === "active" &&
      !session.own &&
      waitKindOf(session.waitEvent) === null &&
      !looksLockBound(session) &&
      !changes.test(session.query ?? ""),
  );
  return [...Map.groupBy(atWork, ({ query }) => fingerprint(query))].flatMap(([shape, running]) => {
    const [first] = running;
    if (shape === null || first === undefined || running.length < several) return [];
    const insights = byInsights(view, shape);
    const long = running.filter(
      ({ statementSeconds }) => (statementSeconds ?? 0) >= view.thresholds.slowQuerySeconds,
    );
    // A short one that everybody calls is what one look meets first.
    if (long.length < several && (insights.insights?.percent ?? 0) < leastOfLoad) return [];
    const calls = running.length;
    const totalSeconds = running.reduce((sum, { statementSeconds }) => sum + (statementSeconds ?? 0), 0);
    const counts = { calls, running: calls, totalSeconds, meanSeconds: totalSeconds / calls, meanRows: 0 };
    const plan = { queryId: shape.slice(0, 60), user: first.user, query: first.query ?? shape, ...counts };
    const source = target.engine === "postgres" ? "postgres-sessions" : "mysql-sessions";
    const statement = asRunning(view, plan);
    return statement === null ? [] : [{ ...statement, source, ...insights }];
  });
}

/** Its share of all load and of its own on the CPU; nothing where Performance Insights does not have it. */
function byInsights(view: View, shape: string): Pick<Statement, "insights"> {
  const share = loadShares(view, "statement").find(({ name }) => fingerprint(name) === shape);
  if (share === undefined || share.load <= 0) return {};
  return {
    insights: { percent: share.percent, cpuPercent: (100 * loadAt(share, waitNames.cpu)) / share.load },
  };
}

/** "6 sessions run it just now, and no call of it is counted among those that take most: …". */
export function uncountedText({ running, source, query, insights }: Statement): string {
  if (insights !== undefined)
    return `${running ?? 0} sessions run it just now, and Performance Insights has ${Math.round(insights.percent)} % of the load in it: ${statementText(query) ?? "its text is not known"}`;
  const why = source.endsWith("-sessions")
    ? `statistics of statements could be read: ${statementText(query) ?? "it"}`
    : "call of it is counted among those that take most: it is new, or a time-out cuts its calls off";
  return `${running ?? 0} sessions run it just now, and no ${why}`;
}

const mostlyPercent = 60;

/** In which resource it costs, as far as anybody has seen it. */
export function uncountedResource({ insights }: Statement): string {
  const { cpuPercent = 0 } = insights ?? {};
  return cpuPercent >= mostlyPercent
    ? `CPU (${Math.round(cpuPercent)} % of its load, by Performance Insights)`
    : "work of its own (what it reads and writes is counted nowhere)";
}

type Planned = Pick<
  PostgresPlanRow,
  "queryId" | "user" | "query" | "calls" | "totalSeconds" | "meanSeconds" | "meanRows" | "running"
>;

/** Whose calls are cut off before they are counted: by those who run it. One alone may be a report. */
export function asRunning(view: View, plan: Planned): Statement | null {
  const running = Math.min(plan.running ?? 0, Math.max(sessionsRunning(view, plan.query).length, 2));
  if (running < 2) return null;
  const active = (view.sessions ?? []).filter(({ state, own }) => state === "active" && !own).length;
  const statement = asStatement(plan);
  const percentOfTime = Math.min(100, (100 * running) / Math.max(active, running));
  return { ...statement, running, now: { ...statement.now, averageSessions: running, percentOfTime } };
}

/** What a plan's row knows of its statement; nothing about now. */
export function asStatement(plan: Omit<Planned, "running">): Statement {
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
