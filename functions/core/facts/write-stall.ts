import type { Severity } from "../contract/finding.ts";
import { duration, lasted } from "../text/wording.ts";
import { lastingFor, type MetricFact, metricFact, usualHigh } from "./metric-facts.ts";
import { vcpusOfTarget } from "./rds-facts.ts";
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
 * Writes that wait and do not end: operations fall away while the queue stands, or sessions crowd where no queue was
 * read, and each takes long. A database without work has neither. DiskQueueDepth counts what waits for the volume.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-metrics.html
 */
export function writeStall(view: View): WriteStall | null {
  const [iops, latency] = [metricFact(view, "WriteIOPS"), metricFact(view, "WriteLatency")];
  if (iops === null) return null;
  const before = Math.max(iops.peak, usualHigh(iops) ?? 0);
  if (before < worthIops || iops.latest > fellTo * before || readsStall(view)) return null;
  const crowd = crowdText(view);
  const limit = view.thresholds.ioLatencySeconds;
  const slow = latency !== null && latency.latest >= limit;
  const none = iops.latest < 1;
  // Of what never ends no latency is published.
  if (crowd === null || !(slow || (none && crowd.queued))) return null;
  return {
    severity: none || (latency?.latest ?? 0) >= 5 * limit ? "P1" : "P2",
    says: `writes wait and do not end: ${Math.round(iops.latest)} a second of ${Math.round(before)} before, while ${crowd.says}${slow ? `, each takes ${duration(latency.latest)}` : ""}`,
    evidence: [
      {
        source: iops.id,
        says: `${Math.round(iops.lowest)} to ${Math.round(iops.peak)} a second in the window`,
      },
      { source: crowd.metric, says: crowd.says },
    ],
  };
}

/** As where nobody may write any more. */
export function writesFell(view: View, to = fellTo): boolean {
  const iops = metricFact(view, "WriteIOPS");
  const before = iops === null ? 0 : (usualHigh(iops) ?? iops.peak);
  return iops !== null && before >= worthIops && iops.latest <= to * before;
}

/** Reads fell away and take long as well: then it is the volume, and nothing about writes. */
function readsStall(view: View): boolean {
  const [iops, latency] = [metricFact(view, "ReadIOPS"), metricFact(view, "ReadLatency")];
  if (iops === null || latency === null) return false;
  const before = Math.max(iops.peak, usualHigh(iops) ?? 0);
  const fell = before >= worthIops && iops.latest <= fellTo * before;
  return fell && latency.latest >= view.thresholds.ioLatencySeconds;
}

interface Crowd {
  readonly queued: boolean;
  readonly metric: string;
  readonly says: string;
}

/** Who waits meanwhile; without the queue, more sessions than there are CPUs. */
function crowdText(view: View): Crowd | null {
  const queue = metricFact(view, "DiskQueueDepth");
  if (queue === null) {
    const load = metricFact(view, "DBLoad");
    if (load === null || lastingFor(view, load, (value) => value >= (vcpusOfTarget(view) ?? 2)) === null)
      return null;
    return {
      queued: false,
      metric: load.id,
      says: `${Math.round(load.latest)} sessions are at work or wait`,
    };
  }
  const minutes = lastingFor(view, queue, (value) => value >= stallQueue);
  if (minutes === null || isUsualQueue(queue)) return null;
  const says = `${Math.round(queue.latest)} requests have waited for storage for ${lasted(minutes)}`;
  return { queued: true, metric: queue.id, says };
}

function isUsualQueue(queue: MetricFact): boolean {
  const usual = usualHigh(queue);
  return usual !== null && usual >= 0.5 * queue.latest;
}
