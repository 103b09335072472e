import type { Explanation } from "../contract/explanation.ts";
import { followsIt } from "../metrics/wanted-metrics.ts";
import { topWriter, topWriterOfSource } from "./insights.ts";
import { type MetricFact, metricFact, usualHigh } from "./metric-facts.ts";
import { bytesText, othersOf, selfOf } from "./rds-facts.ts";
import { ownReplication } from "./replica-facts.ts";
import type { View } from "./view.ts";

/**
 * What the source of a replica writes. `surge`: at least twice what is usual, or what it was when the window began.
 * `idle`: next to nothing. `busy`: in between.
 */
export interface SourceWrites {
  readonly source: string;
  readonly state: "surge" | "busy" | "idle";
  readonly says: string;
  readonly metric: string;
}

const mib = 1024 ** 2;
const perSecond = (value: number): string => `${Math.round(value)} write operations a second`;
const commits = (value: number): string => `${Math.round(value)} commits a second`;
const bytesPerSecond = (what: string) => (value: number) => `${bytesText(value)} of ${what} a second`;

/** Nearest to what has to be replayed first; less than `least` is no bulk write whatever it was before. */
const measures = [
  { id: "TransactionLogsGeneration", least: mib, show: bytesPerSecond("WAL") },
  { id: "WriteThroughput", least: 2 * mib, show: bytesPerSecond("writes") },
  { id: "WriteIOPS", least: 100, show: perSecond },
  { id: "CommitThroughput", least: 2000, show: commits },
] as const;

/** A primary of RDS writes something every five minutes whatever happens. */
const idleIops = 10;

/** @param replica the instance identifier of a replica, maybe the one that was looked at */
export function sourceWrites(view: View, replica: string): SourceWrites | null {
  const source = sourceOf(view, replica);
  if (source === null) return null;
  const seen = measures.flatMap((measure) => {
    const fact = metricFact(view, measure.id, source);
    return fact === null ? [] : [{ ...measure, fact }];
  });
  const surging = seen.find(({ fact, least }) => isSurge(fact, least));
  const [first] = surging === undefined ? seen : [surging];
  if (first === undefined) return null;
  const iops = metricFact(view, "WriteIOPS", source);
  const state = surging !== undefined ? "surge" : iops !== null && iops.latest < idleIops ? "idle" : "busy";
  return { source, state, metric: first.id, says: saysOf(view, source, state, first) };
}

/** The database that was looked at follows a source that writes more than usual. */
export function isOutrun(view: View): boolean {
  return sourceWrites(view, view.evidence.target.name)?.state === "surge";
}

/**
 * What a replica that is short of something does to its own lag, which from outside bears its name: it applies too slowly.
 * One that is outrun is short because of that.
 */
export function slowsItsApplier(view: View): readonly Explanation[] {
  if (isOutrun(view)) return [];
  const subject = ownReplication(view).length > 0 ? "" : view.evidence.target.name;
  return [{ cause: "replication-lag", subject, because: "the replica has no room left to apply" }];
}

function isSurge(fact: MetricFact, least: number): boolean {
  return fact.latest >= Math.max(least, 2 * (usualHigh(fact) ?? fact.lowest));
}

function saysOf(
  view: View,
  source: string,
  state: SourceWrites["state"],
  { fact, show }: { readonly fact: MetricFact; readonly show: (value: number) => string },
): string {
  if (state === "idle") return `its source ${source} writes next to nothing`;
  const usual = usualHigh(fact);
  if (state === "busy") {
    return `its source ${source} makes ${show(fact.latest)}${usual === null ? "" : `, ${show(usual)} at this time before`}`;
  }
  const writer = source === view.evidence.target.name ? topWriter(view) : topWriterOfSource(view);
  const before = usual === null ? "when the window began" : "at this time before";
  return `its source ${source} makes ${show(fact.latest)}, ${show(usual ?? fact.lowest)} ${before}: more than the replica applies${writer === null ? "" : `; what writes most: ${writer}`}`;
}

/** What a replica follows, where it lies here. */
export function sourceOf(view: View, replica: string): string | null {
  const self = selfOf(view);
  const members = [...(self === null ? [] : [self]), ...othersOf(view)];
  const member = members.find(({ id }) => id === replica) ?? null;
  return members.find((other) => followsIt(member, other))?.id ?? null;
}
