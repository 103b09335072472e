import type { DatabaseContext } from "../contract/context.ts";
import type { ContextReport, MetricSeries } from "../contract/evidence.ts";

/** Beside the 150 KiB of the probes, in a state machine's 256 KiB. */
export const maxReportBytes = 80 * 1024;

type Cut = (report: ContextReport) => ContextReport;

/** From what is missed least to what is missed most. */
const cuts: readonly (readonly [what: string, cut: Cut])[] = [
  ["metrics of the hours before", inContext(withoutHours)],
  ["half of the log lines", inContext((context) => logLines(context, 2))],
  ["events older than the newest 20", inContext((context) => firstEvents(context, 20))],
  ["points of the metrics older than five minutes", (report) => newestPoints(report, 5)],
  ["log lines", inContext((context) => logLines(context, 8))],
  ["statements beyond the first five", inContext((context) => firstLoads(context, 5))],
  ["readings of the other members", inContext(ownReadings)],
  ["changes beyond the newest 10", inContext(firstChanges)],
  ["points of the metrics but the newest", (report) => newestPoints(report, 1)],
  ["events beyond the newest five", inContext((context) => firstEvents(context, 5))],
  ["logs", inContext((context) => ({ ...context, logs: [] }))],
];

/** Cuts until the report's JSON fits, and says what was cut. */
export function fitReport(report: ContextReport, maxBytes: number = maxReportBytes): ContextReport {
  let fitted = report;
  const left: string[] = [];
  for (const [what, cut] of cuts) {
    if (bytesOf(fitted) <= maxBytes - 1024) break;
    fitted = cut(fitted);
    left.push(what);
  }
  if (left.length === 0) return report;
  const missing = { what: left.join(", "), reason: "the report would be too large", howToSee: null };
  return { ...fitted, missing: [...fitted.missing, missing] };
}

function inContext(change: (context: DatabaseContext) => DatabaseContext): Cut {
  return (report) => (report.context ? { ...report, context: change(report.context) } : report);
}

function logLines(context: DatabaseContext, divisor: number): DatabaseContext {
  const logs = context.logs?.map(({ wholeSince: _cut, doubted, ...log }) => {
    const kept = Math.ceil(log.lines.length / divisor);
    const left = log.lines.length - kept;
    return {
      ...log,
      lines: log.lines.slice(left),
      truncated: log.truncated || left > 0,
      ...(doubted ? { doubted: doubted.filter((at) => at >= left).map((at) => at - left) } : {}),
    };
  });
  return { ...context, logs: logs ?? null };
}

function firstEvents(context: DatabaseContext, count: number): DatabaseContext {
  return { ...context, events: context.events?.slice(0, count) ?? null };
}

function firstChanges(context: DatabaseContext): DatabaseContext {
  return { ...context, changes: context.changes?.slice(0, 10) ?? null };
}

function firstLoads(context: DatabaseContext, count: number): DatabaseContext {
  const first = (load: DatabaseContext["load"] | undefined) =>
    load?.map((dimension) => ({ ...dimension, items: dimension.items.slice(0, count) })) ?? null;
  const { sourceLoad } = context;
  return {
    ...context,
    load: first(context.load),
    ...(sourceLoad === undefined ? {} : { sourceLoad: first(sourceLoad) }),
  };
}

function withoutHours(context: DatabaseContext): DatabaseContext {
  return { ...context, readings: context.readings.map(({ earlier: _cut, ...reading }) => reading) };
}

/** Lag stays: it is about the group and there is no other place that tells it. */
function ownReadings(context: DatabaseContext): DatabaseContext {
  const own = [context.topology?.members[0]?.id, context.topology?.cluster?.id];
  return {
    ...context,
    readings: context.readings.filter(({ subject, id }) => own.includes(subject) || id.includes("Lag")),
  };
}

function newestPoints(report: ContextReport, count: number): ContextReport {
  const metrics = report.metrics.map(
    (series): MetricSeries => ({ ...series, points: series.points.slice(-count) }),
  );
  return { ...report, metrics };
}

function bytesOf(value: unknown): number {
  return new TextEncoder().encode(JSON.stringify(value)).length;
}
