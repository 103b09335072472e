import type { FailoverRun } from "../../../../functions/core/contract/failover.ts";
import type { Stage } from "../stage.ts";
import { callsOf } from "./case.ts";

/** Of the time between the two what RDS was at it: promotion and restart, each from the call to its end. */
export function elsewhere(stage: Stage, from: number, to: number): number {
  const spans = ["PromoteReadReplica", "RebootDBInstance"].flatMap((operation) => {
    const begun = callsOf(stage, operation, "accepted")[0];
    const done = callsOf(stage, operation, "done")[0];
    if (begun === undefined || done === undefined) return [];
    const [start, end] = [Date.parse(begun.at), Date.parse(done.at) + 100];
    return start >= from && end <= to ? [end - start] : [];
  });
  return spans.reduce((sum, span) => sum + span, 0);
}

export function phasesOf({ times, startedAt, fencedBy }: FailoverRun): string {
  const parts = (["fenced", "sent", "promoted", "writable", "repointed"] as const).flatMap((name) => {
    const at = times[name];
    return at === null ? [] : [`${name} ${((at - startedAt) / 1000).toFixed(1)}`];
  });
  return `${parts.join(", ")} (by ${fencedBy})`;
}
