import { isServerless } from "../context/instance-class.ts";
import type { Earlier, MetricReading } from "../contract/context.ts";
import type { MetricSeries } from "../contract/evidence.ts";
import type { Target } from "../contract/target.ts";
import type { Topology } from "../contract/topology.ts";
import type { MetricsAnswer } from "../ports.ts";
import type { MetricSpec } from "./metric-catalogue.ts";
import { keyOfQuery, queryOf } from "./metric-queries.ts";
import type { MetricWindow, MetricWindows } from "./metric-windows.ts";
import { hasNoData, meansZero } from "./missing-metrics.ts";
import { type WantedMetric, wantedMetrics } from "./wanted-metrics.ts";

export interface MetricAnswers {
  readonly now: MetricsAnswer;
  /** Left out: nobody asked. */
  readonly hours?: MetricsAnswer;
  readonly day: MetricsAnswer;
  readonly week: MetricsAnswer;
}

type Point = MetricSeries["points"][number];

/**
 * One reading for every metric that was wanted, in one unit whatever the flavour; a missing one says so. Without
 * `windows` the mean is of all that was read of the past.
 */
export function metricReadings(
  target: Target,
  topology: Topology | null,
  answers: MetricAnswers,
  windows: Pick<MetricWindows, "hours" | "day" | "week"> | null = null,
): readonly MetricReading[] {
  const series = new Map(
    (["now", "hours", "day", "week"] as const).map((window) => [
      window,
      indexOf(answers[window]?.series ?? []),
    ]),
  );
  return wantedMetrics(target, topology).map((wanted) => {
    const key = keyOfQuery(queryOf(wanted, 60));
    const points = (window: keyof MetricAnswers) =>
      normalised(wanted.spec, series.get(window)?.get(key)?.points ?? []);
    return {
      id: wanted.spec.name,
      subject: wanted.subject,
      statistic: wanted.spec.statistic,
      unit: wanted.spec.unit,
      ...stateOf(wanted, points("now"), answers.now),
      baselineDay: meanOf(within(points("day"), windows?.day)),
      baselineWeek: meanOf(within(points("week"), windows?.week)),
      heldDay: heldIn(wanted.spec, points("day")),
      heldWeek: heldIn(wanted.spec, points("week")),
      ...earlierOf(points("hours"), windows?.hours),
      capacity: capacityOf(wanted, topology),
      note: noteOf(wanted, target, topology),
    };
  });
}

function indexOf(series: readonly MetricSeries[]): ReadonlyMap<string, MetricSeries> {
  return new Map(series.map((each) => [keyOfQuery({ ...each, name: each.id }), each]));
}

function normalised({ factor = 1 }: MetricSpec, points: readonly Point[]): readonly Point[] {
  return points.map(({ at, value }) => ({ at, value: factor === 1 ? value : value * factor }));
}

type Observed = Pick<MetricReading, "latest" | "at" | "peak" | "lowest" | "state">;

const nothing = { latest: null, at: null, peak: null, lowest: null } as const;

function stateOf(wanted: WantedMetric, points: readonly Point[], answer: MetricsAnswer): Observed {
  const { spec, subject } = wanted;
  const last = points.at(-1);
  if (last === undefined) {
    const zero = meansZero(wanted) && hasNoData(answer.missing, spec, subject);
    return zero
      ? { latest: 0, at: null, peak: 0, lowest: 0, state: "zero-by-absence" }
      : { ...nothing, state: "missing" };
  }
  const values = points.map(({ value }) => value).filter((value) => !meansStopped(spec, value));
  const extremes = {
    peak: values.length === 0 ? null : Math.max(...values),
    lowest: values.length === 0 ? null : Math.min(...values),
  };
  // Seconds_Behind NULL is published as −1: the lag is unknown and growing, the opposite of none.
  if (meansStopped(spec, last.value)) {
    return { ...extremes, latest: null, at: last.at, state: "not-replicating" };
  }
  return { ...extremes, latest: last.value, at: last.at, state: "ok" };
}

function meansStopped({ name }: MetricSpec, value: number): boolean {
  return value < 0 && /Lag/.test(name) && !/Slot/.test(name);
}

function meanOf(points: readonly Point[]): number | null {
  const values = points.map(({ value }) => value).filter((value) => value >= 0);
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Where the quarter of an hour has no point, the hour is what was usual. */
function within(points: readonly Point[], window: MetricWindow | undefined): readonly Point[] {
  if (window === undefined) return points;
  const inside = points.filter(({ at }) => Date.parse(at) >= window.from && Date.parse(at) < window.to);
  return inside.length === 0 ? points : inside;
}

/** One value a step, so that sixty metrics of three hours stay within some kilobytes. */
function earlierOf(points: readonly Point[], window: MetricWindow | undefined): { earlier?: Earlier } {
  if (window === undefined) return {};
  const stepMs = 1000 * window.periodSeconds;
  const at = new Map(points.map(({ at, value }) => [Date.parse(at), Number(value.toPrecision(4))]));
  const values = Array.from(
    { length: Math.round((window.to - window.from) / stepMs) },
    (_, step) => at.get(window.from + step * stepMs) ?? null,
  );
  if (values.every((value) => value === null)) return {};
  return {
    earlier: { from: new Date(window.from).toISOString(), stepSeconds: window.periodSeconds, values },
  };
}

/** A spike of a minute is no habit: so many points in a row, and no longer than this with those that are missing. */
const lastingPoints = 3;
const lastingMs = 5 * 60_000;

/** The highest that three minutes in a row had, as what is called lasting now. */
function heldIn({ statistic }: MetricSpec, points: readonly Point[]): number | null {
  if (statistic === "Minimum") return null;
  const held = points.flatMap((_, index) => {
    const run = points.slice(index, index + lastingPoints);
    const [first, last] = [run[0], run.at(-1)];
    if (run.length < lastingPoints || first === undefined || last === undefined) return [];
    return Date.parse(last.at) - Date.parse(first.at) <= lastingMs
      ? [Math.min(...run.map(({ value }) => value))]
      : [];
  });
  return held.length === 0 ? null : Math.max(...held);
}

const gib = 1024 ** 3;

function capacityOf({ spec, member }: WantedMetric, topology: Topology | null): number | null {
  switch (spec.name) {
    case "DBLoad":
    case "DBLoadCPU":
      return member?.vcpus ?? null;
    case "FreeStorageSpace": {
      const allocated = member?.storage?.allocatedGib ?? null;
      return allocated === null ? null : allocated * gib;
    }
    case "ServerlessDatabaseCapacity":
      return topology?.cluster?.serverless?.maxAcu ?? null;
    default:
      return null;
  }
}

function noteOf({ spec, member }: WantedMetric, target: Target, topology: Topology | null): string | null {
  if (spec.name === "CPUUtilization" && isServerless(member?.instanceClass ?? null)) {
    const max = topology?.cluster?.serverless?.maxAcu ?? null;
    return `a share of the largest capacity${max === null ? "" : ` (${max} ACU)`}, not of what is allocated now`;
  }
  if (spec.name === "ReplicaLag" && target.engine === "postgres") {
    return "it also grows while the source is idle";
  }
  return spec.name.startsWith("CPUCredit") ? "published every five minutes" : null;
}
