import type { AlarmState, AlarmStateSource } from "../context-ports.ts";
import type { AlarmRule, AlarmSight, AttachedAlarm } from "../contract/alarm.ts";
import type { Target } from "../contract/target.ts";
import { keyOfQuery } from "../metrics/metric-queries.ts";
import type { MetricQuery, Metrics, MetricsAnswer } from "../ports.ts";
import { inTime, type Look } from "./read-context.ts";

interface AlarmDeps {
  readonly metrics: Metrics;
  readonly alarmStates?: AlarmStateSource;
}

/**
 * How the incident's alarms stand (SPEC S12): their state, for the event of an OK can be lost, and their own metric in
 * their own statistic. Never throws; what could not be read is said at the alarm.
 */
export async function readAlarms(
  alarms: readonly AttachedAlarm[],
  look: Look,
  deps: AlarmDeps,
): Promise<AlarmSight[]> {
  if (alarms.length === 0) return [];
  const asked = alarms.filter((alarm) => isHere(alarm, look.target));
  const states = await readStates(asked, look.deadline, deps.alarmStates);
  const known = alarms.map((alarm) => {
    const found = states.value?.find(({ arn, name }) => alarm.arn === arn || alarm.name === name);
    return { alarm, found, rule: found === undefined ? alarm.rule : found.rule };
  });
  const metrics = await readMetrics(
    known.flatMap(({ rule }) => queryOf(rule)),
    look,
    deps.metrics,
  );
  return known.map(({ alarm, found, rule }) => {
    const query = queryOf(rule)[0];
    return {
      key: alarm.key,
      state: stateOf(alarm, found, asked.includes(alarm) && states.value !== null),
      rule,
      latest: query === undefined ? null : latestOf(metrics, query, look.now),
      missing: reasonOf(query, metrics) ?? states.missing[0]?.reason ?? null,
    };
  });
}

/** DescribeAlarms knows those of its own account and Region. */
function isHere({ arn }: AttachedAlarm, { accountId, region }: Target): boolean {
  if (arn === null) return true;
  const [, , , regionOfArn, accountOfArn] = arn.split(":");
  return regionOfArn === region && accountOfArn === accountId;
}

async function readStates(
  alarms: readonly AttachedAlarm[],
  deadline: AbortSignal,
  source: AlarmStateSource | undefined,
) {
  const names = [...new Set(alarms.map(({ arn, name }) => arn ?? name))];
  if (source === undefined || names.length === 0) return { value: null, missing: [] };
  const read = await inTime("alarm states", deadline, () => source.read(names, deadline));
  return { value: read.value, missing: read.missing };
}

/** Of an alarm over many series CloudWatch tells one state for all: its ALARM may be about another series. */
function stateOf(
  { arn, contributor }: AttachedAlarm,
  found: AlarmState | undefined,
  wasAsked: boolean,
): AlarmSight["state"] {
  if (!wasAsked) return null;
  // Without its ARN an alarm that is not found may be another account's.
  if (found === undefined) return arn === null ? null : "gone";
  return contributor !== null && found.state !== "OK" ? null : found.state;
}

/** Points that are there after a quarter of an hour; coarser ones than these are read finer, where that means the same. */
const coarsestSeconds = 300;
const additive = ["Sum", "SampleCount"];

function queryOf(rule: AlarmRule | null): MetricQuery[] {
  if (rule === null) return [];
  const { metric, periodSeconds } = rule;
  const statistic = metric.statistic ?? "Average";
  if (periodSeconds > coarsestSeconds && additive.includes(statistic)) return [];
  const { namespace, name, dimensions } = metric;
  return [
    {
      namespace,
      name,
      statistic,
      dimensions,
      periodSeconds: wholeMinutes(Math.min(periodSeconds, coarsestSeconds)),
    },
  ];
}

/** Metrics of RDS have a point a minute. */
function wholeMinutes(seconds: number): number {
  return Math.max(60, Math.floor(seconds / 60) * 60);
}

const spanMs = 20 * 60_000;

async function readMetrics(
  queries: readonly MetricQuery[],
  { now, deadline }: Look,
  metrics: Metrics,
): Promise<MetricsAnswer> {
  if (queries.length === 0) return { series: [], missing: [] };
  const coarsestMs = coarsestSeconds * 1000;
  // Aligned to the coarsest period: CloudWatch would otherwise answer with a part of one.
  const from = Math.floor((now - spanMs) / coarsestMs) * coarsestMs;
  const read = await inTime("metrics of the alarms", deadline, async () => ({
    value: await metrics.read(queries, from, now, deadline),
    missing: [],
  }));
  return read.value ?? { series: [], missing: read.missing };
}

/** Of a period that is over: the sum of one that has just begun is always small. */
function latestOf({ series }: MetricsAnswer, query: MetricQuery, now: number): AlarmSight["latest"] {
  const own = series.find(
    (one) =>
      one.periodSeconds === query.periodSeconds && keyOfQuery({ ...one, name: one.id }) === keyOfQuery(query),
  );
  const last = own?.points.findLast(({ at }) => Date.parse(at) + query.periodSeconds * 1000 <= now);
  return last === undefined ? null : { at: last.at, value: last.value };
}

function reasonOf(query: MetricQuery | undefined, { missing }: MetricsAnswer): string | null {
  if (query === undefined) return null;
  const own = missing.find(({ what }) => what.includes(` ${query.name} (`)) ?? missing[0];
  return own?.reason ?? null;
}
