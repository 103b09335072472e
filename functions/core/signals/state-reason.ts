import * as z from "zod";
import { camelKeys, isRecord } from "./shapes.ts";

/** What CloudWatch says about why an alarm changed. Datapoints oldest first. */
export interface StateReason {
  readonly threshold: number | null;
  readonly comparison: string | null;
  readonly recentDatapoints: readonly number[];
  /** ARNs. */
  readonly childAlarms: readonly string[];
}

const maxDatapoints = 100;
/**
 * A composite alarm of CloudWatch has at most 100 children.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html
 */
const maxChildren = 100;

const numberSchema = z.number().nullish().catch(null);
const dataSchema = z.looseObject({
  threshold: numberSchema,
  recentDatapoints: z.array(z.unknown()).nullish().catch(null),
  triggeringAlarms: z.unknown().optional(),
});

/**
 * @param reason the sentence
 * @param reasonData the JSON text beside it; absent from SNS, contributors and hand-set states. A broken one costs
 *   its datapoints and child alarms, never the alarm
 */
export function readStateReason(reason: string, reasonData: unknown): StateReason {
  const said = readSentence(reason);
  if (reasonData === undefined || reasonData === null) return { ...said, childAlarms: [] };
  const parsed = dataSchema.safeParse(typeof reasonData === "string" ? parseOrNull(reasonData) : reasonData);
  if (!parsed.success) return { ...said, recentDatapoints: [], childAlarms: [] };
  const { threshold, recentDatapoints, triggeringAlarms } = parsed.data;
  return {
    threshold: threshold ?? said.threshold,
    comparison: said.comparison,
    recentDatapoints: (recentDatapoints ?? [])
      .filter((value) => typeof value === "number")
      .slice(-maxDatapoints),
    childAlarms: readChildAlarms(triggeringAlarms),
  };
}

/** ARNs from `triggeringAlarms` (`{arn}`) or `TriggeringChildren` (`{Arn}`). */
export function readChildAlarms(value: unknown): string[] {
  if (!Array.isArray(value)) return [];
  const arns = value.flatMap((child: unknown) => {
    const camel = camelKeys(child);
    const arn = isRecord(camel) ? camel["arn"] : child;
    return typeof arn === "string" && arn.startsWith("arn:") && arn.length <= 1024 ? [arn] : [];
  });
  return [...new Set(arns)].slice(0, maxChildren);
}

const comparisons = new Map([
  ["greater than or equal to", "GreaterThanOrEqualToThreshold"],
  ["greater than", "GreaterThanThreshold"],
  ["less than or equal to", "LessThanOrEqualToThreshold"],
  ["less than", "LessThanThreshold"],
]);

const crossed = /\b((?:greater|less) than(?: or equal to)?) the threshold(?: \(([-+\dEe.]{1,40})\))?/;
const datapoint = /([-+\dEe.]{1,40}) \((\d\d)\/(\d\d)\/(\d\d) (\d\d:\d\d:\d\d)\)/g;

/** "Threshold Crossed: 1 datapoint [1.5E10 (12/09/19 09:06:00)] was greater than the threshold (5.0)." */
function readSentence(reason: string): Omit<StateReason, "childAlarms"> {
  const [, comparison = "", threshold] = crossed.exec(reason) ?? [];
  const points = [...reason.matchAll(datapoint)].map(([, value, day, month, year, time]) => ({
    value: Number(value),
    at: `${year}${month}${day}${time}`,
  }));
  return {
    threshold: finiteOrNull(Number(threshold ?? Number.NaN)),
    comparison: comparisons.get(comparison) ?? null,
    // The sentence lists the newest first, reasonData the oldest.
    recentDatapoints: points
      .filter(({ value }) => Number.isFinite(value))
      .toSorted((a, b) => (a.at < b.at ? -1 : Number(a.at > b.at)))
      .slice(-maxDatapoints)
      .map(({ value }) => value),
  };
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function parseOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
