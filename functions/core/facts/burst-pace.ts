import { grouped } from "../text/wording.ts";
import { type MetricFact, metricFact } from "./metric-facts.ts";
import { sumOfMetrics } from "./metric-sum.ts";
import { selfOf } from "./rds-facts.ts";
import type { View } from "./view.ts";

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
