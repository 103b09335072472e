import { blamedChange } from "../../facts/blamed-change.ts";
import { ioPressure, readsAndWrites } from "../../facts/io-pressure.ts";
import { baselineText, metricFact } from "../../facts/metric-facts.ts";
import { fromOutside, selfOf } from "../../facts/rds-facts.ts";
import type { View } from "../../facts/view.ts";
import { duration } from "../../text/wording.ts";
import type { FindingDraft } from "../define.ts";

/** Of the IOPS that the volume has: below it, the volume is not what is slow. */
const farBelow = 0.5;

/** A volume made from a snapshot: nobody has read its blocks yet, and each first read fetches one from S3. */
export function restoredDraft(view: View): readonly FindingDraft[] {
  const latency = metricFact(view, "ReadLatency");
  const pressure = ioPressure(view);
  const blamed = blamedChange(view, ["reads"]);
  if (latency === null || pressure === null || pressure.sign !== "latency") return [];
  if (blamed === null || !/^(restored|new-replica)$/.test(blamed.change.kind)) return [];
  const limit = selfOf(view)?.storage?.iops ?? null;
  const iops = readsAndWrites(view, "IOPS")?.latest ?? null;
  if (limit !== null && iops !== null && iops > farBelow * limit) return [];
  const of =
    iops === null ? "" : ` at ${Math.round(iops)} operations a second${limit === null ? "" : ` of ${limit}`}`;
  const because = "blocks that were never read come from S3";
  return [
    {
      subject: "restored",
      severity: pressure.severity,
      confidence: fromOutside(view, 0.85),
      summary: `Reads take ${duration(latency.latest)}${of} since ${blamed.change.says}, ${blamed.minutesAgo} min ago: ${because} at their first read${baselineText(latency, duration)}`,
      evidence: [
        { source: blamed.change.source, says: `${blamed.change.at} ${blamed.change.says}` },
        { source: "engine", says: blamed.advice },
      ],
      explains: [
        { cause: "io-saturated", because },
        { cause: "cache-too-small", because },
        { cause: "cold-cache", subject: "", because },
        { cause: "replication-lag", because },
        { cause: "connections-near-limit", because: "who waits for a page keeps its connection" },
      ],
      actions: [],
    },
  ];
}
