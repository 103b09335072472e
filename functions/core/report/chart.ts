import type { Earlier } from "../contract/context.ts";
import type { Evidence, MetricSeries } from "../contract/evidence.ts";
import { bytesText } from "../facts/rds-facts.ts";
import { metricCatalogue } from "../metrics/metric-catalogue.ts";
import { compare } from "../text/compare.ts";
import { duration } from "../text/wording.ts";

export interface Chart {
  readonly title: string;
  readonly subject: string;
  readonly points: readonly { readonly at: number; readonly value: number }[];
  readonly threshold: number | null;
  /** The same time of a day ago, as one number. */
  readonly dayAgo: number | null;
  /** How a value of it is written: "91 %", "3.2 GiB". */
  show(value: number): string;
}

const maxCharts = 12;

/** What the alarm was about first, then by name. Series without two points are no line. */
export function chartsOf(evidence: Evidence): readonly Chart[] {
  const alarming = new Set(evidence.signal?.metrics.map(({ name }) => name) ?? []);
  const first = ({ id }: MetricSeries): number => (alarming.has(id) ? 0 : 1);
  return evidence.metrics
    .filter(({ points }) => points.length >= 2)
    .toSorted(
      (a, b) => first(a) - first(b) || compare(titleOf(a), titleOf(b)) || compare(subjectOf(a), subjectOf(b)),
    )
    .slice(0, maxCharts)
    .map((series) => chartOf(evidence, series, alarming));
}

function chartOf({ signal, context }: Evidence, series: MetricSeries, alarming: ReadonlySet<string>): Chart {
  const spec = metricCatalogue.find(({ name }) => name === series.id);
  const factor = spec?.factor ?? 1;
  const subject = subjectOf(series);
  const reading = context?.readings.find((one) => one.id === series.id && one.subject === subject);
  const threshold = alarming.has(series.id) ? (signal?.threshold ?? null) : null;
  return {
    title: titleOf(series),
    subject,
    points: [
      ...before(reading?.earlier, series),
      ...series.points.map(({ at, value }) => ({ at: Date.parse(at), value: value * factor })),
    ].filter(({ at, value }) => Number.isFinite(at) && Number.isFinite(value)),
    threshold: threshold === null ? null : threshold * factor,
    dayAgo: reading?.baselineDay ?? null,
    show: shows(spec?.unit),
  };
}

/** The hours before, at the middle of each step, until the first minute; in the reading's unit. */
function before(earlier: Earlier | undefined, { points }: MetricSeries): Chart["points"] {
  const first = Date.parse(points[0]?.at ?? "");
  return (earlier?.values ?? []).flatMap((value, step) => {
    const at = Date.parse(earlier?.from ?? "") + 1000 * (earlier?.stepSeconds ?? 0) * (step + 0.5);
    return value === null || at >= first ? [] : [{ at, value }];
  });
}

function shows(unit: string | undefined): (value: number) => string {
  switch (unit) {
    case "percent":
      return (value) => `${short(value)} %`;
    case "bytes":
      return bytesText;
    case "bytes-per-second":
      return (value) => `${bytesText(value)}/s`;
    case "seconds":
      return duration;
    default:
      return short;
  }
}

function short(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e6) return `${Math.round(value / 1e5) / 10}M`;
  if (size >= 1e4) return `${Math.round(value / 100) / 10}k`;
  return String(size >= 100 ? Math.round(value) : Math.round(value * 100) / 100);
}

function titleOf({ id, statistic }: MetricSeries): string {
  return `${id} (${statistic})`;
}

function subjectOf({ dimensions }: MetricSeries): string {
  return dimensions["DBInstanceIdentifier"] ?? dimensions["DBClusterIdentifier"] ?? "";
}
