import * as z from "zod";
import type { DatabaseRef, SignalMetric } from "../contract/signal.ts";
import { refsFromDimensions, refsFromExpression } from "./database-refs.ts";
import { camelKeys, dimensionsSchema } from "./shapes.ts";

const metricSchema = z.looseObject({
  namespace: z.string().nullish(),
  name: z.string().nullish(),
  metricName: z.string().nullish(),
  dimensions: dimensionsSchema,
});

/** Only helps to read the alarm's own metric as the alarm does. */
export const periodSchema = z.number().int().positive().nullish().catch(null);

const metricStatSchema = z.looseObject({
  metric: z.preprocess(camelKeys, metricSchema),
  stat: z.string().nullish(),
  period: periodSchema,
});

const entrySchema = z.looseObject({
  metricStat: z.preprocess(camelKeys, metricStatSchema).nullish(),
  expression: z.string().nullish(),
});

/**
 * `configuration.metrics` of Lambda and EventBridge, `Trigger.Metrics` of SNS. CloudWatch allows 10 metrics and their
 * expressions; the limit here only keeps a forged event from filling the incident.
 */
export const metricEntriesSchema = z.array(z.preprocess(camelKeys, entrySchema)).max(100);
type MetricEntry = z.infer<typeof metricEntriesSchema>[number];

const statistics = new Map([
  ["average", "Average"],
  ["avg", "Average"],
  ["maximum", "Maximum"],
  ["max", "Maximum"],
  ["minimum", "Minimum"],
  ["min", "Minimum"],
  ["sum", "Sum"],
  ["samplecount", "SampleCount"],
  ["sample_count", "SampleCount"],
  ["count", "SampleCount"],
]);

/** SNS says AVERAGE, a query AVG; GetMetricData wants Average. Percentiles stay as they are. */
export function statisticName(text: string | null | undefined): string | null {
  return text === null || text === undefined ? null : (statistics.get(text.toLowerCase()) ?? text);
}

const query = /^\s*SELECT\s+([A-Z]+)\(\s*"?([\w.%-]+)"?\s*\)\s+FROM\s+(?:SCHEMA\(\s*)?"?([\w/.-]+)"?/i;

/** The metric that a Metrics Insights query reads; which series of it fired, only `attributes` tell. */
function metricOfQuery(
  expression: string,
  attributes: Readonly<Record<string, string>>,
): SignalMetric | null {
  const [, statistic, name, namespace] = query.exec(expression) ?? [];
  if (name === undefined || namespace === undefined) return null;
  return {
    namespace,
    name,
    statistic: statisticName(statistic),
    dimensions: { ...attributes },
    periodSeconds: null,
  };
}

function metricOfEntry(
  { metricStat, expression }: MetricEntry,
  attributes: Readonly<Record<string, string>>,
): SignalMetric | null {
  if (!metricStat) return metricOfQuery(expression ?? "", attributes);
  const { metric, stat, period } = metricStat;
  return {
    namespace: metric.namespace ?? "",
    name: metric.name ?? metric.metricName ?? "",
    statistic: statisticName(stat),
    dimensions: metric.dimensions,
    periodSeconds: period ?? null,
  };
}

/**
 * Metrics behind an alarm and databases that they name. In metric math the dimensions lie on the entries that return
 * no data, so every entry counts.
 *
 * @param attributes of the contributor, for an alarm over many series; {} otherwise
 */
export function readMetrics(
  entries: readonly MetricEntry[],
  attributes: Readonly<Record<string, string>>,
): { metrics: SignalMetric[]; refs: DatabaseRef[]; oneMetric: boolean } {
  const metrics = entries
    .map((entry) => metricOfEntry(entry, attributes))
    .filter((metric) => metric !== null);
  const refs = [
    ...refsFromDimensions(attributes),
    ...metrics.flatMap((metric) => refsFromDimensions(metric.dimensions)),
    ...entries.flatMap((entry) => refsFromExpression(entry.expression ?? "")),
  ];
  // Beside an expression the number compared is the expression's, not the metric's.
  return { metrics, refs, oneMetric: entries.length === 1 && Boolean(entries[0]?.metricStat) };
}
