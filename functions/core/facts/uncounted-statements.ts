import type { Session } from "../contract/session.ts";
import { type PostgresPlanRow, postgresPlansRows } from "../probes/postgres/plans/rows.ts";
import { postgresTablesRows } from "../probes/postgres/tables/rows.ts";
import { compare } from "../text/compare.ts";
import { fingerprint } from "../text/fingerprint.ts";
import { tableIn } from "../text/table-in.ts";
import { waitKindOf } from "../text/wait-kind.ts";
import { statementText } from "../text/wording.ts";
import { loadShares } from "./insights.ts";
import { looksLockBound } from "./running.ts";
import { sessionsRunning } from "./sessions-running.ts";
import { type Statement, statementProbes, statementsOf } from "./statements.ts";
import { isCalled } from "./table-facts.ts";
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
    .concat(unkept(view), scanning(view))
    .toSorted((a, b) => compare(a.key, b.key));
}

/** Of fewer it is not known that they are more than reports. */
const several = 3;
const halfPercent = 50;
const changes = /^\s*(?:update|delete|insert|replace)\b/i;

/**
 * What sessions run by their own words, where statistics of statements were asked for and there are none: no extension,
 * no performance_schema. Not what changes rows: whom it waits for such a server may not show.
 */
export function unkept(view: View): readonly Statement[] {
  const { probes, target } = view.evidence;
  const asked = probes.some(({ id, status }) => statementProbes.some((of) => of === id) && status !== "ok");
  if (!asked || statementsOf(view) !== null) return [];
  const slow = view.thresholds.slowQuerySeconds;
  return atWork(view).flatMap(([shape, all]) => {
    const seen = byInsights(view, shape);
    // A short one that everybody calls is what one look meets first: Performance Insights has looked for minutes.
    const leads = (seen.insights?.percent ?? 0) >= halfPercent;
    const running = leads ? all : all.filter(({ statementSeconds }) => (statementSeconds ?? 0) >= slow);
    const [first] = running;
    if (first === undefined || running.length < several) return [];
    const source = target.engine === "postgres" ? "postgres-sessions" : "mysql-sessions";
    const statement = asRunning(view, ofSessions(shape, running));
    return statement === null ? [] : [{ ...statement, source, ...seen }];
  });
}

const manyScans = 3;
const manyRowsPerSecond = 1e6;

/**
 * What several run of which no call is counted, on a table that is read whole again and again meanwhile: a time-out cuts
 * off what the table's own counters have seen.
 */
function scanning(view: View): readonly Statement[] {
  const [counted, tables] = [statementsOf(view), view.rows(postgresTablesRows)];
  if (counted === null || tables === null) return [];
  const shapes = new Set([
    ...counted.map(({ query }) => fingerprint(query)),
    ...(view.rows(postgresPlansRows) ?? []).map(({ query }) => fingerprint(query)),
  ]);
  // As many calls of another one as there are scans, or half as many: those are whose scans they are.
  const isTheirs = (named: string | undefined, scans: number): boolean =>
    counted.some(
      ({ query, now }) => tableIn(query)?.toLowerCase() === named && 2 * now.callsPerSecond >= scans,
    );
  return atWork(view).flatMap(([shape, running]) => {
    // Of a text that was cut off nobody knows whether it is counted.
    const isCut = running.some(({ cut }) => cut === true);
    if (shapes.has(shape) || running.length < several || isCut) return [];
    const named = tableIn(running[0]?.query ?? null)?.toLowerCase();
    const scanned = tables.some(
      (table) =>
        isCalled(table, named) &&
        (table.now.seqScansPerSecond ?? 0) >= manyScans &&
        (table.now.seqRowsPerSecond ?? 0) >= manyRowsPerSecond &&
        !isTheirs(named, table.now.seqScansPerSecond ?? 0),
    );
    if (!scanned) return [];
    const statement = asRunning(view, ofSessions(shape, running));
    return statement === null ? [] : [{ ...statement, source: postgresTablesRows.id }];
  });
}

/** By the shape of what they run, those who work: not who waits for somebody, and not who changes rows. */
function atWork(view: View): readonly (readonly [string, readonly Session[]])[] {
  const working = (view.sessions ?? []).filter(
    (session) =>
      session.kind === "client" &&
      session.state === "active" &&
      !session.own &&
      waitKindOf(session.waitEvent) === null &&
      !looksLockBound(session) &&
      !changes.test(session.query ?? ""),
  );
  return [...Map.groupBy(working, ({ query }) => fingerprint(query))].flatMap(([shape, all]) =>
    shape === null ? [] : [[shape, all] as const],
  );
}

/** As a row of plans would have it. */
function ofSessions(shape: string, running: readonly Session[]): Planned {
  const [first] = running;
  const calls = running.length;
  const totalSeconds = running.reduce((sum, { statementSeconds }) => sum + (statementSeconds ?? 0), 0);
  const counts = { calls, running: calls, totalSeconds, meanSeconds: totalSeconds / calls, meanRows: 0 };
  return { queryId: shape.slice(0, 60), user: first?.user ?? null, query: first?.query ?? shape, ...counts };
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
