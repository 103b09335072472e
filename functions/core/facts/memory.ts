import { runsServerless } from "./database-kind.ts";
import { lastingFor, type MetricFact, metricFact } from "./metric-facts.ts";
import { memoryBytesOf, selfOf } from "./rds-facts.ts";
import type { View } from "./view.ts";

const mib = 1024 ** 2;
const gib = 1024 ** 3;
/** Where the size of the memory is not known: below this the kernel is about to end the process. */
export const bareMinimum = 128 * mib;
/** Of memory for each capacity unit. */
const gibPerAcu = 2;

/**
 * All the memory that the instance can have: on Serverless v2 FreeableMemory counts up to the largest capacity.
 * https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.setting-capacity.html
 */
export function memoryOf(view: View): number | null {
  if (!runsServerless(view)) {
    return memoryBytesOf(selfOf(view)?.instanceClass ?? view.evidence.target.instanceClass);
  }
  const maxAcu = view.evidence.context?.topology?.cluster?.serverless?.maxAcu ?? null;
  return maxAcu === null ? null : maxAcu * gibPerAcu * gib;
}

/** Less than the threshold leaves, for long enough to be no moment. */
export function lowMemory(view: View): { readonly free: MetricFact; readonly low: boolean } | null {
  const free = metricFact(view, "FreeableMemory");
  if (free === null) return null;
  const total = memoryOf(view);
  const limit = total === null ? bareMinimum : total * (1 - view.thresholds.memoryUsedPercent / 100);
  return { free, low: lastingFor(view, free, (value) => value <= limit) !== null };
}

/** More swap than this, or than it has had, is memory that is really short rather than pages long unused. */
const swapNotice = 64 * mib;

/** Swap that has grown over what it was a day and a week ago; null while it is what it always was. */
export function grownSwap(view: View): MetricFact | null {
  const swap = metricFact(view, "SwapUsage");
  if (swap === null) return null;
  const before = Math.max(swap.day ?? 0, swap.week ?? 0);
  return swap.latest > before + swapNotice && swap.latest > 1.5 * before ? swap : null;
}

/**
 * Swap that grows from day to day: little over a day ago, far over a week ago. Null while it is not so; and where it has
 * grown within the day, which `grownSwap` tells.
 */
export function creepingSwap(view: View): { readonly latest: number; readonly week: number } | null {
  const swap = metricFact(view, "SwapUsage");
  if (swap?.week == null || swap.day === null || grownSwap(view) !== null) return null;
  const { latest, day, week } = swap;
  const rises = latest > day && day > week;
  return rises && latest > week + swapNotice && latest > 1.5 * week ? { latest, week } : null;
}
