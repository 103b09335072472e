import { type MetricFact, metricFact } from "./metric-facts.ts";
import { percentText, vcpusOfTarget } from "./rds-facts.ts";
import { rounded } from "./statements.ts";
import type { View } from "./view.ts";

/** Of those that are counted: so many neither compute nor read. */
const most = 0.5;

function meanOf({ points }: MetricFact): number {
  return points.reduce((sum, { value }) => sum + value, 0) / Math.max(1, points.length);
}

/** Each who computes takes a CPU, each who reads is a request at the volume: null where those are most of them, or nobody counted. */
export function idleText(view: View, sessions: number): string | null {
  const cpu = metricFact(view, "CPUUtilization");
  const requests = metricFact(view, "DiskQueueDepth");
  const vcpus = vcpusOfTarget(view);
  if (cpu === null || requests === null || vcpus === null || cpu.latest >= view.thresholds.cpuPercent)
    return null;
  // The load is a mean of minutes: what was at work in most of them, and is over, was no wait.
  // Aurora's queue tells little of its requests: by Little's law, those at once are their rate by their time.
  const storage = ["Read", "Write"].reduce((sum, kind) => {
    const [iops, latency] = [metricFact(view, `${kind}IOPS`), metricFact(view, `${kind}Latency`)];
    return sum + (iops === null || latency === null ? 0 : meanOf(iops) * meanOf(latency));
  }, 0);
  const work = (meanOf(cpu) / 100) * vcpus + Math.max(meanOf(requests), storage);
  const now = metricFact(view, "DBLoad")?.latest ?? sessions;
  if (sessions - work < most * sessions || now < most * sessions) return null;
  return `CPU ${percentText(cpu.latest)} of ${vcpus} vCPUs and ${rounded(requests.latest)} requests at the volume are the work of few: the others wait`;
}

/** Whether most of them are requests at the volume; false where the CPU is busy, too, or nobody counted. */
export function atTheVolume(view: View, sessions: number): boolean {
  const cpu = metricFact(view, "CPUUtilization");
  const requests = metricFact(view, "DiskQueueDepth");
  if (requests === null || (cpu !== null && cpu.latest >= view.thresholds.cpuPercent)) return false;
  return requests.latest >= most * sessions;
}
