import type { Evidence } from "../contract/evidence.ts";
import { metricCatalogue } from "../metrics/metric-catalogue.ts";

export type AlarmSide = "too-high" | "too-low" | "either";

/**
 * On which side of its threshold the alarm on this metric stands; null when no alarm on it does. "either": a band, a
 * formula whose number is not the metric's own, or an envelope that does not tell.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricAlarm.html (ComparisonOperator)
 */
export function alarmSide({ signal }: Evidence, id: string): AlarmSide | null {
  if (signal?.state !== "ALARM" || !signal.metrics.some(({ name }) => name === id)) return null;
  const { comparison, oneMetric } = signal;
  if (oneMetric === false || comparison === null || /^LessThanLowerOr/.test(comparison)) return "either";
  return comparison.startsWith("Less") ? "too-low" : "too-high";
}

/** Of which the least hurts are read as minimum: an alarm on few connections or a calm CPU says nothing of too much. */
export function firesWhereItHurts(evidence: Evidence, id: string): boolean {
  const side = alarmSide(evidence, id);
  if (side === null || side === "either") return side !== null;
  const lowHurts = metricCatalogue.find(({ name }) => name === id)?.statistic === "Minimum";
  return lowHurts === (side === "too-low");
}

/** The alarm's, in the unit that the metric is read in; null where the two differ, as milliseconds of a lag. */
export function thresholdOf({ signal }: Evidence, id: string): number | null {
  const isConverted = metricCatalogue.some(({ name, factor }) => name === id && factor !== undefined);
  return isConverted ? null : (signal?.threshold ?? null);
}

/** By now; false where the alarm's unit is not the one that the metric is read in. */
export function isBelowThreshold(
  evidence: Evidence,
  { id, latest }: { readonly id: string; readonly latest: number },
): boolean {
  const threshold = thresholdOf(evidence, id);
  return threshold !== null && latest < threshold;
}
