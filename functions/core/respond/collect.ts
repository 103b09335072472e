import { fitReport } from "../context/fit-report.ts";
import type { AlarmStateSource, ContextSources, Sight } from "../context-ports.ts";
import type { DatabaseContext } from "../contract/context.ts";
import type { ContextReport, MetricSeries } from "../contract/evidence.ts";
import type { Signal } from "../contract/signal.ts";
import type { Target } from "../contract/target.ts";
import type { Topology } from "../contract/topology.ts";
import type { Assignment } from "../contract/workflow.ts";
import { baselineQueries, metricQueries } from "../metrics/metric-queries.ts";
import { type MetricWindow, type MetricWindows, metricWindows } from "../metrics/metric-windows.ts";
import { missingMetrics } from "../metrics/missing-metrics.ts";
import { type MetricAnswers, metricReadings } from "../metrics/readings.ts";
import type { MetricQuery, MetricsAnswer } from "../ports.ts";
import type { Deps } from "./deps.ts";
import { readAlarms } from "./read-alarms.ts";
import { inTime, type Look, readSlowContext } from "./read-context.ts";

export interface CollectDeps extends Pick<Deps, "metrics" | "clock"> {
  /** Left out: metrics of the database alone, and no context. */
  readonly context?: ContextSources;
  /** Left out: alarms are judged by what their signals said and by their metrics. */
  readonly alarmStates?: AlarmStateSource;
  readonly deadlines?: CollectDeadlines;
}

interface CollectDeadlines {
  /** For everything. */
  readonly allMs: number;
  /** Metrics wait this long for the topology that says whose they are, then go without it. */
  readonly topologyMs: number;
}

/** The function itself may run 15 s. */
const defaultDeadlines: CollectDeadlines = { allMs: 8000, topologyMs: 2500 };
/** The first message goes out before slow enrichment: what does not come in time comes with the next look. */
const firstDeadlines: CollectDeadlines = { allMs: 2000, topologyMs: 1000 };

/**
 * Metrics and everything else that AWS knows, under one deadline (SPEC M1 to M7). Never throws: what is missing is
 * listed with the reason, and every part costs only itself.
 */
export async function collect(assignment: Assignment, deps: CollectDeps): Promise<ContextReport> {
  const { target, signal, settings } = assignment;
  const { allMs, topologyMs } =
    deps.deadlines ?? (assignment.cycle === 1 ? firstDeadlines : defaultDeadlines);
  const deadline = AbortSignal.timeout(allMs);
  const look: Look = { target, settings, now: deps.clock.now(), deadline };
  const alarms = readAlarms(assignment.alarms ?? [], look, deps);
  const report = await collectContext(look, signal, topologyMs, deps);
  return fitReport({ ...report, alarms: await alarms });
}

async function collectContext(
  look: Look,
  signal: Signal | null,
  topologyMs: number,
  deps: CollectDeps,
): Promise<ContextReport> {
  const { target, deadline } = look;
  const { context: sources } = deps;
  if (sources === undefined) return reportOf(await readMetrics(look, null, signal, deps), null);

  const described = inTime("topology", deadline, () => sources.topology.read(target, deadline));
  const known = inTime("topology", AbortSignal.timeout(topologyMs), () => described).then(
    ({ value }) => value,
  );
  const [topology, slow, metrics] = await Promise.all([
    described,
    readSlowContext(look, sources, known),
    known.then((early) => readMetrics(look, early, signal, deps)),
  ]);
  const context: DatabaseContext = {
    schema: "database-context.v1",
    readAt: new Date(look.now).toISOString(),
    topology: topology.value,
    // By the topology that the questions were built from: one that came later names metrics nobody asked for.
    readings: [...metricReadings(target, metrics.asked, metrics.answers, metrics.windows)],
    ...slow.value,
  };
  return reportOf(metrics, { value: context, missing: [...topology.missing, ...slow.missing] });
}

interface MetricsRead {
  readonly target: Target;
  readonly signal: Signal | null;
  /** What the questions were built from. */
  readonly asked: Topology | null;
  readonly windows: MetricWindows;
  readonly answers: MetricAnswers;
}

async function readMetrics(
  { target, now, deadline }: Look,
  asked: Topology | null,
  signal: Signal | null,
  { metrics }: CollectDeps,
): Promise<MetricsRead> {
  const windows = metricWindows(now);
  const read = async (
    queries: readonly MetricQuery[],
    { from, to }: MetricWindow,
  ): Promise<MetricsAnswer> => {
    const answer = await inTime("metrics", deadline, async () => ({
      value: await metrics.read(queries, from, to, deadline),
      missing: [],
    }));
    return answer.value ?? { series: [], missing: answer.missing };
  };
  const before = baselineQueries(target, asked, windows.hourOfDay.periodSeconds);
  const [current, hours, day, week] = await Promise.all([
    read(metricQueries(target, asked, signal), windows.now),
    read(baselineQueries(target, asked, windows.hours.periodSeconds), windows.hours),
    read(before, windows.hourOfDay),
    read(before, windows.hourOfWeek),
  ]);
  return { target, signal, asked, windows, answers: { now: current, hours, day, week } };
}

function reportOf(metrics: MetricsRead, context: Sight<DatabaseContext> | null): ContextReport {
  return {
    schema: "context-report.v1",
    metrics: metrics.answers.now.series.filter((series) => isKept(series, metrics)),
    missing: [...missingMetrics(metrics.target, metrics.asked, metrics.answers), ...(context?.missing ?? [])],
    context: context?.value ?? null,
  };
}

/** Points of other members live on as readings, all but their lag: rules and charts are about this database. */
function isKept({ id, dimensions }: MetricSeries, { target, signal }: MetricsRead): boolean {
  const of = dimensions["DBInstanceIdentifier"];
  if (of === undefined || of === target.name || id.includes("ReplicaLag")) return true;
  return (signal?.metrics ?? []).some((metric) => metric.dimensions["DBInstanceIdentifier"] === of);
}
