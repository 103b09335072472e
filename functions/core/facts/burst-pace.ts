import type { ClassLimits } from "../context/class-limits.ts";
import { grouped } from "../text/wording.ts";
import { classLimitsOf } from "./class-limits.ts";
import { asksForMore } from "./cpu-takers.ts";
import { type MetricFact, metricFact } from "./metric-facts.ts";
import { sumOfMetrics } from "./metric-sum.ts";
import { bytesText, selfOf } from "./rds-facts.ts";
import type { View } from "./view.ts";
import { shrunkClass } from "./what-changed.ts";

/** A shorter look is no pace. */
const leastSeconds = 5 * 60;

/** Seconds until a balance is at zero, at the pace of the window; null where it does not fall, or too little was seen. */
export function emptyIn({ points, latest }: MetricFact): number | null {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return null;
  const seconds = (Date.parse(last.at) - Date.parse(first.at)) / 1000;
  const fallen = first.value - last.value;
  return seconds < leastSeconds || fallen <= 0 ? null : Math.round((latest * seconds) / fallen);
}

/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html (gp2: "3 IOPS per GiB, minimum 100") */
const perGib = 3;
const leastIops = 100;

/** ", 300 IOPS of 100 GiB": what a gp2 volume gives without credits; empty for another, or one whose size is not known. */
export function gp2Baseline(view: View): string {
  const { type, allocatedGib } = selfOf(view)?.storage ?? { type: null, allocatedGib: null };
  if (type !== "gp2" || allocatedGib === null) return "";
  return `, ${grouped(Math.max(leastIops, perGib * allocatedGib))} IOPS of ${grouped(allocatedGib)} GiB`;
}

/** "; 1,900 are asked of it"; empty where reads and writes were not both seen. */
export function askedOfStorage(view: View): string {
  const [reads, writes] = [metricFact(view, "ReadIOPS"), metricFact(view, "WriteIOPS")];
  const sum = reads === null || writes === null ? null : sumOfMetrics(reads, writes);
  return sum === null ? "" : `; ${grouped(Math.round(sum.latest))} are asked of it`;
}

const measuredBy = {
  "EBSIOBalance%": {
    metrics: ["ReadIOPS", "WriteIOPS"],
    baseline: ({ baselineIops }: ClassLimits) => baselineIops,
    show: (value: number) => `${grouped(Math.round(value))} IOPS`,
  },
  "EBSByteBalance%": {
    metrics: ["ReadThroughput", "WriteThroughput"],
    baseline: ({ baselineBytes }: ClassLimits) => baselineBytes,
    show: (value: number) => `${bytesText(value)} a second`,
  },
} as const;
/** Of the baseline: with less as a rule credits fill up by themselves. */
const fits = 0.7;

/**
 * Why a larger class is no answer yet to credits of the class that are gone: what is asked of it as a rule, of a day and a week
 * ago and the highest that lasted around then, fits into its baseline. Null where it does not or is not known, where the
 * clients ask for more than as a rule, and where the class was larger.
 */
export function creditsSuffice(view: View, id: keyof typeof measuredBy): string | null {
  const { metrics, baseline, show } = measuredBy[id];
  const limits = classLimitsOf(view);
  const most = limits === null ? null : baseline(limits);
  const [reads, writes] = metrics.map((name) => metricFact(view, name));
  if (most === null || !reads || !writes || asksForMore(view) || shrunkClass(view) !== null) return null;
  const { day, week, held } = sumOfMetrics(reads, writes) ?? reads;
  if (day === null || week === null) return null;
  const usual = Math.max(day, week, held.day ?? 0, held.week ?? 0);
  if (usual > fits * most) return null;
  return `what is asked of it as a rule, ${show(usual)}, fits into its baseline of ${show(most)}: first see what asks for more now, and whether that can be slowed down, put off or ended; a larger class restarts everything`;
}
