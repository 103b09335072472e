import type { FailoverRun } from "../../../../functions/core/contract/failover.ts";
import type { Span } from "../deeds.ts";
import type { Stage } from "../stage.ts";
import { type Case, callsOf } from "./case.ts";

/**
 * Of the time between the two what no responder can shorten: RDS at its promotion and restart, each from the call to its
 * end, and the pauses of people. Of several runs at once one works while another pauses: there pauses are ours.
 */
export function elsewhere({ stage, fault, pauses }: Case, from: number, to: number): number {
  const people = (fault.runs ?? 1) > 1 ? [] : pauses;
  const spans = [...rdsAtWork(stage), ...people].filter((span) => span.from >= from && span.to <= to);
  let [sum, until] = [0, from];
  for (const span of spans.toSorted((a, b) => a.from - b.from)) {
    sum += Math.max(0, span.to - Math.max(span.from, until));
    until = Math.max(until, span.to);
  }
  return sum;
}

function rdsAtWork(stage: Stage): Span[] {
  return ["PromoteReadReplica", "RebootDBInstance"].flatMap((operation) => {
    const begun = callsOf(stage, operation, "accepted")[0];
    const done = callsOf(stage, operation, "done")[0];
    if (begun === undefined || done === undefined) return [];
    return [{ from: Date.parse(begun.at), to: Date.parse(done.at) + 100 }];
  });
}

export function phasesOf({ times, startedAt, fencedBy }: FailoverRun): string {
  const parts = (["fenced", "sent", "promoted", "writable", "repointed"] as const).flatMap((name) => {
    const at = times[name];
    return at === null ? [] : [`${name} ${((at - startedAt) / 1000).toFixed(1)}`];
  });
  return `${parts.join(", ")} (by ${fencedBy})`;
}
