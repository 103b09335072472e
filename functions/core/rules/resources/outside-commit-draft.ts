import { isCrowd, standingWait } from "../../facts/inside-wait.ts";
import {
  baselineText,
  isAlarming,
  lastingFor,
  type MetricFact,
  metricFact,
  usualHigh,
} from "../../facts/metric-facts.ts";
import { fromOutside, vcpusOfTarget } from "../../facts/rds-facts.ts";
import { stepWait } from "../../facts/step-waits.ts";
import type { View } from "../../facts/view.ts";
import { asEverText, type OutsideWait } from "../../facts/wait-load.ts";
import { waitNames } from "../../facts/wait-names.ts";
import { duration } from "../../text/wording.ts";
import type { FindingDraft } from "../define.ts";

const manyTimes = 3;

/** Without a look inside: commits wait, by what the sessions wait for or by how long a commit takes. */
export function outsideCommitDrafts(view: View): readonly FindingDraft[] {
  const log = standingWait(view, waitNames.log);
  const replica = standingWait(view, waitNames.replica);
  const latency = slowCommits(view);
  if (replica !== null) return [draftOf(view, replica, latency, "a replica to confirm them")];
  const wait = log ?? stepWait(view);
  if (wait === null && latency === null) return [];
  return [draftOf(view, wait, latency, "the log to reach storage", log === null && wait !== null)];
}

/** Far longer than is usual, while more sessions wait than there are CPUs. Aurora alone publishes it. */
function slowCommits(view: View): MetricFact | null {
  const latency = metricFact(view, "CommitLatency");
  const waiting = metricFact(view, "DBLoadNonCPU");
  const limit = view.thresholds.ioLatencySeconds;
  if (latency === null || lastingFor(view, latency, (value) => value >= limit) === null) return null;
  const usual = usualHigh(latency);
  const unusual = usual === null ? isAlarming(view, latency.id) : latency.latest >= manyTimes * usual;
  const crowded = waiting !== null && waiting.latest >= Math.max(2, vcpusOfTarget(view) ?? 2);
  return unusual && crowded ? latency : null;
}

function draftOf(
  view: View,
  wait: OutsideWait | null,
  slow: MetricFact | null,
  forWhat: string,
  likely = false,
): FindingDraft {
  const latency = slow ?? metricFact(view, "CommitLatency");
  const who =
    wait === null
      ? "Commits wait"
      : `${Math.round(wait.sessions)} sessions on average ${likely ? "most likely " : ""}wait for ${forWhat}, ${Math.round(wait.percent)} % of the load`;
  const each =
    latency === null ? "" : `: a commit takes ${duration(latency.latest)}${baselineText(latency, duration)}`;
  const rate = metricFact(view, "CommitThroughput");
  return {
    subject: "log",
    severity: wait?.asEver || (slow === null && isNoCrowd(view)) ? "P3" : "P2",
    confidence: fromOutside(view, wait === null || likely ? 0.55 : 0.8),
    summary: `${who}${each}${rate === null ? "" : `; ${rateText(rate)}`}${wait?.statement ? `; most load: ${wait.statement}` : ""}; nobody is to be ended for it${wait === null ? "" : asEverText(wait)}`,
    evidence: [
      ...(wait?.evidence ?? []),
      {
        source: "engine",
        says:
          forWhat === "the log to reach storage"
            ? "each commit is one flush: many rows in one transaction wait once; where the number of commits has not risen, look at the latency of storage and at its limits"
            : "look at the replica that commits wait for: its instance, its storage, the network to it",
      },
    ],
    explains: [{ cause: "connections-near-limit", because: "who waits for a commit keeps its connection" }],
    actions: [],
  };
}

function rateText(rate: MetricFact): string {
  const show = (value: number): string => `${Math.round(value)}`;
  const usual = usualHigh(rate);
  const risen = usual !== null && rate.latest >= 2 * usual;
  return `${show(rate.latest)} commits a second${usual === null ? "" : risen ? `, of ${show(usual)} as a rule` : ", no more than as a rule"}`;
}

/** Nobody's commit was seen to be slow, and who waits is no more than works there at other hours. */
function isNoCrowd(view: View): boolean {
  const seen = vcpusOfTarget(view) !== null && metricFact(view, "DBLoad") !== null;
  return seen && !isCrowd(view);
}
