import type { Severity } from "../contract/finding.ts";
import { duration } from "../text/wording.ts";
import { lastingFor, type MetricFact, metricFact, usualHigh } from "./metric-facts.ts";
import type { View } from "./view.ts";

/** Requests that wait at once: with fewer, few operations are a database that has little to do. */
export const stallQueue = 5;
const fellTo = 0.2;
/** Less than this before is no work that could have stopped. */
const worthIops = 20;

export interface WriteStall {
  readonly severity: Severity;
  readonly says: string;
  readonly evidence: readonly { readonly source: string; readonly says: string }[];
}

/**
 * Writes that wait and do not end: operations fall away while the queue stands and each takes long. A database without
 * work has no queue. DiskQueueDepth counts requests that wait for the volume.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-metrics.html
 */
export function writeStall(view: View): WriteStall | null {
  const [iops, latency, queue] = ["WriteIOPS", "WriteLatency", "DiskQueueDepth"].map((id) =>
    metricFact(view, id),
  );
  if (!iops || !queue) return null;
  const before = Math.max(iops.peak, usualHigh(iops) ?? 0);
  const minutes = lastingFor(view, queue, (value) => value >= stallQueue);
  if (minutes === null || isUsualQueue(queue) || before < worthIops || iops.latest > fellTo * before)
    return null;
  const limit = view.thresholds.ioLatencySeconds;
  const none = iops.latest < 1;
  // Of what never ends no latency is published.
  if (!none && (!latency || latency.latest < limit)) return null;
  const each = latency && latency.latest >= limit ? `, each takes ${duration(latency.latest)}` : "";
  return {
    severity: none || (latency?.latest ?? 0) >= 5 * limit ? "P1" : "P2",
    says: `writes wait and do not end: ${Math.round(iops.latest)} a second of ${Math.round(before)} before, while ${Math.round(queue.latest)} requests have waited for storage for ${minutes} min${each}`,
    evidence: [
      {
        source: iops.id,
        says: `${Math.round(iops.lowest)} to ${Math.round(iops.peak)} a second in the window`,
      },
      { source: queue.id, says: `${Math.round(queue.lowest)} to ${Math.round(queue.peak)} in the window` },
    ],
  };
}

function isUsualQueue(queue: MetricFact): boolean {
  const usual = usualHigh(queue);
  return usual !== null && usual >= 0.5 * queue.latest;
}
