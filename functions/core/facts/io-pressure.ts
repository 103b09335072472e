import type { Severity } from "../contract/finding.ts";
import { duration, lasted } from "../text/wording.ts";
import type { Pressure } from "./cpu-pressure.ts";
import { freePageEvidence, freePageWaits } from "./innodb-strain.ts";
import { loadProfile } from "./load-profile.ts";
import {
  type Begin,
  baselineText,
  beginOf,
  isAlarming,
  lastingFor,
  type MetricFact,
  metricFact,
} from "./metric-facts.ts";
import { sumOfMetrics } from "./metric-sum.ts";
import { hasLittleLoad } from "./outside-load.ts";
import { bytesText, selfOf, vcpusOfTarget } from "./rds-facts.ts";
import { isAsEver, isUsual } from "./usual.ts";
import type { View } from "./view.ts";
import { onStorage, waitShare } from "./workload.ts";
import { stallQueue } from "./write-stall.ts";

/** Fewer operations than this have no latency worth speaking of: one slow one decides the mean. */
const fewIops = 20;
const atLimit = 0.95;
const severeFactor = 5;
const severeQueue = 10;

/**
 * By what storage is seen not to keep up: a provisioned limit is reached, requests take long although none is, or
 * sessions wait for it and nothing was measured.
 */
export type StorageSign = "iops" | "throughput" | "latency" | "waits";

export interface IoPressure extends Pressure {
  readonly sign: StorageSign;
  /** The first minute that is known to have been so, in ms since 1970; null where nothing was measured. */
  readonly sinceMs: number | null;
  /** It was seen to begin then; otherwise it may have begun long before. */
  readonly beginSeen: boolean;
}

interface Sign {
  readonly sign: StorageSign;
  readonly severity: Severity;
  readonly usual: boolean;
  readonly begin: Begin;
  readonly says: string;
}

/** Null while storage keeps up. From CloudWatch; without it, from what working sessions wait for. */
export function ioPressure(view: View): IoPressure | null {
  const signs = [latencySign(view, "Read"), latencySign(view, "Write"), iopsSign(view), throughputSign(view)]
    .filter((sign) => sign !== null)
    .toSorted((a, b) => (a.severity < b.severity ? -1 : a.severity > b.severity ? 1 : 0));
  const inside = waitShare(view, onStorage);
  const queue = metricFact(view, "DiskQueueDepth");
  const [worst, ...others] = signs;
  if (worst === undefined) return insideOnly(view);
  const telling = signs.filter((one) => one === worst || one.severity !== "P3");
  return {
    // Slow because a limit is reached: the limit is what can be mended.
    sign: signs.find(({ sign }) => sign !== "latency")?.sign ?? worst.sign,
    severity: worst.severity,
    sinceMs: Math.min(...telling.map(({ begin }) => begin.latest)),
    beginSeen: telling.every(({ begin }) => begin.seen),
    confidence: inside === null || inside.percent < 30 ? 0.75 : 0.9,
    says: worst.says,
    evidence: [
      ...others.map(({ says }) => ({ source: "CloudWatch", says })),
      ...(worst.sign === "iops" ? sharesText(view) : []),
      ...(queue === null
        ? []
        : [{ source: queue.id, says: `${Math.round(queue.latest)} requests wait for storage` }]),
      ...(inside === null
        ? []
        : [{ source: loadProfile(view)?.source ?? "", says: `${inside.says}, wait for storage` }]),
      ...freePageEvidence(view),
    ],
    usual: worst.usual,
  };
}

function latencySign(view: View, direction: "Read" | "Write"): Sign | null {
  const latency = metricFact(view, `${direction}Latency`);
  const limit = view.thresholds.ioLatencySeconds;
  const isSlow = (value: number): boolean => value >= limit;
  const minutes = lastingFor(view, latency, isSlow);
  const iops = metricFact(view, `${direction}IOPS`);
  const queue = metricFact(view, "DiskQueueDepth")?.latest ?? 0;
  if (latency === null || minutes === null || isNoise(iops, queue)) return null;
  const usual = isUsual(latency);
  const asEver = isAsEver(latency);
  // The same minutes of every night, and nobody waits: as a backup reads the volume.
  if (asEver && queue < stallQueue && hasLittleLoad(view)) return null;
  return {
    sign: "latency",
    severity:
      usual && (asEver || !isAlarming(view, latency.id))
        ? "P3"
        : latency.latest >= severeFactor * limit && queue >= severeQueue
          ? "P1"
          : "P2",
    usual,
    begin: beginOf(latency, isSlow),
    says: `${direction.toLowerCase()} requests to storage have taken ${duration(limit)} or more for ${lasted(minutes)}, now ${duration(latency.latest)}${iops === null ? "" : ` at ${Math.round(iops.latest)} a second`}${baselineText(latency, duration)}`,
  };
}

/** Few operations that nobody waits for; with a queue behind them, few are what gets through. */
function isNoise(iops: MetricFact | null, queue: number): boolean {
  return iops !== null && iops.latest < fewIops && queue < stallQueue;
}

/** Reads and writes share the volume's limit, so they are added up minute by minute. */
export function readsAndWrites(view: View, name: "IOPS" | "Throughput"): MetricFact | null {
  return sumOfMetrics(metricFact(view, `Read${name}`), metricFact(view, `Write${name}`));
}

/** More memory spares reads, and no writes. */
function sharesText(view: View): IoPressure["evidence"] {
  const [reads, writes] = [metricFact(view, "ReadIOPS"), metricFact(view, "WriteIOPS")];
  if (reads === null || writes === null) return [];
  const says = `${Math.round(reads.latest)} reads and ${Math.round(writes.latest)} writes a second`;
  return [{ source: "CloudWatch", says }];
}

function iopsSign(view: View): Sign | null {
  const limit = selfOf(view)?.storage?.iops ?? null;
  return limitSign(view, "iops", {
    fact: readsAndWrites(view, "IOPS"),
    limit,
    show: (value) => `${Math.round(value)} operations a second`,
  });
}

function throughputSign(view: View): Sign | null {
  const mebibytes = selfOf(view)?.storage?.throughputMibps ?? null;
  const limit = mebibytes === null ? null : mebibytes * 1024 ** 2;
  return limitSign(view, "throughput", {
    fact: readsAndWrites(view, "Throughput"),
    limit,
    show: (value) => `${bytesText(value)} a second`,
  });
}

function limitSign(
  view: View,
  sign: "iops" | "throughput",
  { fact, limit, show }: { fact: MetricFact | null; limit: number | null; show: (value: number) => string },
): Sign | null {
  if (fact === null || limit === null || limit <= 0) return null;
  const isAtLimit = (value: number): boolean => value >= atLimit * limit;
  const minutes = lastingFor(view, fact, isAtLimit);
  if (minutes === null) return null;
  const usual = isUsual(fact);
  return {
    sign,
    severity: usual ? "P3" : "P2",
    usual,
    begin: beginOf(fact, isAtLimit),
    says: `storage has been at its limit for ${lasted(minutes)}: ${show(fact.latest)} of ${show(limit)} provisioned${baselineText(fact, show)}`,
  };
}

/** Without metrics: many sessions at once in storage, more than one for each CPU, is more than storage gives. */
function insideOnly(view: View): IoPressure | null {
  if (metricFact(view, "ReadLatency") !== null || metricFact(view, "WriteLatency") !== null) return null;
  const share = waitShare(view, onStorage);
  const many = Math.max(4, 2 * (vcpusOfTarget(view) ?? 2));
  if (share === null || share.percent < 50 || share.averageSessions < many) return writesOnly(view);
  return {
    ...{ sign: "waits", sinceMs: null, beginSeen: false },
    ...{ severity: "P2", confidence: 0.5 },
    says: `most work waits for storage: ${share.says}`,
    evidence: freePageEvidence(view),
    usual: false,
  };
}

/** More than the page cleaners keep up with: readers then write pages themselves. */
const manyFreePageWaits = 10;

/** https://dev.mysql.com/doc/refman/8.4/en/server-status-variables.html#statvar_Innodb_buffer_pool_wait_free */
function writesOnly(view: View): IoPressure | null {
  const strain = freePageWaits(view);
  if (strain === null || strain.perSecond < manyFreePageWaits) return null;
  return {
    ...{ sign: "waits", sinceMs: null, beginSeen: false },
    ...{ severity: "P2", confidence: 0.45, says: strain.says, evidence: [], usual: false },
  };
}
