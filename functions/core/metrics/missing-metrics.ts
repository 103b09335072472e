import type { Missing } from "../contract/evidence.ts";
import type { Target } from "../contract/target.ts";
import type { Topology } from "../contract/topology.ts";
import type { MetricsAnswer } from "../ports.ts";
import type { MetricSpec } from "./metric-catalogue.ts";
import { type WantedMetric, wantedMetrics } from "./wanted-metrics.ts";

/**
 * What the adapters answer for a metric that was read and has no data; everything else in `missing` means that it
 * was not read. A contract suite holds them to this sentence.
 */
export const noDataReason = "CloudWatch has no data points in this window";

/** Whether a metric was asked for and answered, without a single point. */
export function hasNoData(missing: readonly Missing[], { name }: MetricSpec, subject: string): boolean {
  return missing.some((each) => each.reason === noDataReason && isAbout(each, name, subject));
}

/** Where Performance Insights is off nothing is published, and no data says nothing about the load. */
export function meansZero({ spec, member }: WantedMetric): boolean {
  return spec.zeroByAbsence === true && member?.performanceInsights.enabled === true;
}

/**
 * Metrics that are missing, without those whose absence is an answer: no load, a class that does not publish it.
 * Of the past only a call that failed is told, in one line.
 */
export function missingMetrics(
  target: Target,
  topology: Topology | null,
  answers: Readonly<Record<"now" | "day" | "week", MetricsAnswer>> & { readonly hours?: MetricsAnswer },
): readonly Missing[] {
  const expected = wantedMetrics(target, topology).filter(
    (wanted) => meansZero(wanted) || wanted.spec.mayBeAbsent || isOffInsights(wanted),
  );
  const untold = (each: Missing) =>
    each.reason === noDataReason && expected.some(({ spec, subject }) => isAbout(each, spec.name, subject));
  return [
    ...answers.now.missing.filter((each) => !untold(each)),
    ...(answers.hours === undefined ? [] : failureOf("metrics of the hours before", answers.hours)),
    ...failureOf("metrics of a day ago", answers.day),
    ...failureOf("metrics of a week ago", answers.week),
  ];
}

function isOffInsights({ spec, member }: WantedMetric): boolean {
  return spec.zeroByAbsence === true && member?.performanceInsights.enabled === false;
}

function failureOf(what: string, { missing }: MetricsAnswer): Missing[] {
  const failed = missing.find(({ reason }) => reason !== noDataReason);
  return failed === undefined ? [] : [{ ...failed, what }];
}

function isAbout({ what }: Missing, name: string, subject: string): boolean {
  return what.includes(` ${name} (`) && what.includes(`Identifier=${subject})`);
}
