import { binlogsFill } from "./log-space.ts";
import { metricFact } from "./metric-facts.ts";
import { bytesText, percentText } from "./rds-facts.ts";
import { allocatedBytes, type Space } from "./storage-space.ts";
import type { View } from "./view.ts";

/**
 * How much of a volume that runs out the binary logs take, in words; null where it is little or could not be seen.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-metrics.html
 */
export function hasBinlogsOf(view: View, { free }: Space): string | null {
  const binlogs = metricFact(view, "BinLogDiskUsage");
  if (binlogs === null || binlogs.latest <= 0) return null;
  const allocated = free?.capacity ?? allocatedBytes(view);
  const share = allocated === null ? null : (100 * binlogs.latest) / allocated;
  if (!binlogsFill(view, binlogs.latest, share, free)) return null;
  return `binary logs take ${bytesText(binlogs.latest)}${share === null ? "" : `, ${percentText(share)} of the volume`}`;
}
