import type { ClassLimits } from "../../context/class-limits.ts";
import type { Explanation } from "../../contract/explanation.ts";
import { classLimitsOf } from "../../facts/class-limits.ts";
import { ioPressure, readsAndWrites } from "../../facts/io-pressure.ts";
import {
  baselineText,
  isAlarming,
  lastingFor,
  type MetricFact,
  metricFact,
} from "../../facts/metric-facts.ts";
import { bytesText, fromOutside, selfOf } from "../../facts/rds-facts.ts";
import { ownReplication } from "../../facts/replica-facts.ts";
import type { View } from "../../facts/view.ts";
import { scaleInstanceClass } from "../../remedies/aws/class-remedies.ts";
import { grouped, lasted } from "../../text/wording.ts";
import type { FindingDraft } from "../define.ts";

/** The measure is a mean over a minute: what is this near has been there for some of it. */
const atLimit = 0.95;

/** What the class lets pass to storage and network, whatever the volume could do. */
export function classLimitDrafts(view: View): readonly FindingDraft[] {
  const limits = classLimitsOf(view);
  if (limits === null) return [];
  return [
    draftOf(view, limits, throughputOf(view, limits)),
    draftOf(view, limits, iopsOf(view, limits)),
    draftOf(view, limits, networkOf(view, limits, "Receive")),
    draftOf(view, limits, networkOf(view, limits, "Transmit")),
  ].filter((draft) => draft !== null);
}

interface Measure {
  readonly subject: string;
  readonly what: string;
  readonly fact: MetricFact | null;
  readonly limit: number | null;
  readonly show: (value: number) => string;
  readonly explains: readonly Explanation[];
}

const perSecond = (value: number): string => `${bytesText(value)} a second`;
const slower: readonly Explanation[] = [
  { cause: "io-saturated", because: "requests wait for the instance's way to storage, not for the volume" },
];

/** A volume that may do no more than the class is the limit itself, and io-saturated tells. */
function throughputOf(view: View, { storageBytes }: ClassLimits): Measure {
  const volume = selfOf(view)?.storage?.throughputMibps ?? null;
  const less = volume !== null && storageBytes !== null && volume * 1024 ** 2 <= storageBytes;
  return {
    subject: "storage throughput",
    what: "to storage",
    fact: readsAndWrites(view, "Throughput"),
    limit: less ? null : storageBytes,
    show: perSecond,
    explains: slower,
  };
}

function iopsOf(view: View, { storageIops }: ClassLimits): Measure {
  const volume = selfOf(view)?.storage?.iops ?? null;
  const less = volume !== null && storageIops !== null && volume <= storageIops;
  return {
    subject: "storage IOPS",
    what: "of storage",
    fact: readsAndWrites(view, "IOPS"),
    limit: less ? null : storageIops,
    show: (value) => `${grouped(Math.round(value))} operations a second`,
    explains: slower,
  };
}

function networkOf(view: View, { networkBytes }: ClassLimits, way: "Receive" | "Transmit"): Measure {
  const lag: readonly Explanation[] =
    ownReplication(view).length > 0
      ? [{ cause: "replication-lag", subject: "", because: "what is replicated comes over the same network" }]
      : [];
  return {
    subject: `network ${way.toLowerCase()}`,
    what: way === "Receive" ? "received over the network" : "sent over the network",
    fact: metricFact(view, `Network${way}Throughput`),
    limit: networkBytes,
    show: perSecond,
    explains: lag,
  };
}

function draftOf(view: View, limits: ClassLimits, measure: Measure): FindingDraft | null {
  const { subject, what, fact, limit, show, explains } = measure;
  if (fact === null || limit === null) return null;
  const minutes = lastingFor(view, fact, (value) => value >= atLimit * limit);
  if (minutes === null) return null;
  // Busy at its limit and nothing slower for it is a note.
  const hurts = isAlarming(view, fact.id) || ioPressure(view) !== null || subject.startsWith("network");
  const burst = limits.bursts ? ", which it keeps up for half an hour a day" : "";
  return {
    subject,
    severity: hurts ? "P2" : "P3",
    confidence: fromOutside(view, 0.85),
    summary: `${limits.name} has been at its limit ${what} for ${lasted(minutes)}: ${show(fact.latest)} of ${show(limit)}${burst}${baselineText(fact, show)}`,
    evidence: [
      { source: fact.id, says: show(fact.latest) },
      { source: "instance class", says: `${limits.name}: at most ${show(limit)}` },
    ],
    explains: hurts ? explains : [],
    actions: hurts
      ? scaleInstanceClass(view, "First see which work it is, and whether it can be less or spread out.")
      : [],
  };
}
