import type { FailoverRun, Method } from "../contract/failover.ts";
import { type FailoverTopology, type Node, nodeOf } from "../contract/failover-topology.ts";
import { counts } from "./agreement-time.ts";
import type { EffectBody } from "./effect.ts";
import { mayHaveHappened, type Sight } from "./turn.ts";

/** So long it may take until RDS shows anything of a call. */
export const showsWithinMs = 45_000;

/** Where each node has its own volume the old primary stays a writer unless it is kept from it. */
export function needsFence(method: Method | null): boolean {
  return method === "promote-replica";
}

/**
 * To name a writer twice is as once. A call that names nobody moves the writer again at each time: it is sent a
 * second time only when the first was refused.
 */
export function repeatable({ method, candidate }: Pick<FailoverRun, "method" | "candidate">): boolean {
  return method !== "reboot-with-failover" && candidate !== null;
}

export function executeOf(run: FailoverRun, topology: FailoverTopology): EffectBody {
  const { method, candidate, input, oldPrimary } = run;
  const of = {
    "promote-replica": candidate,
    "fail-over-cluster": topology.clusterId,
    "reboot-with-failover": oldPrimary,
    "switch-over-global": topology.globalId,
    "fail-over-global": topology.globalId,
  }[method ?? "promote-replica"];
  return { kind: "execute", method: method ?? "promote-replica", of: of ?? input.database, candidate };
}

/** Its call may be sent again: twice is as once, or it has its own way there each time. */
export function isResumable(run: FailoverRun): boolean {
  return needsFence(run.method) || repeatable(run);
}

/** A call that was just sent first, and one that must not be sent twice for as long as it takes to tell its end. */
export function isLookedFor(run: FailoverRun, now: number): boolean {
  if (run.phase !== "execute" || !mayHaveHappened(run, "execute")) return false;
  return !isResumable(run) || now - (run.sent["execute"]?.at ?? 0) < showsWithinMs;
}

export type Progress = "nothing" | "begun" | "finished";

/** What RDS shows of the call since it was sent. */
export function progressOf(run: FailoverRun, { topology, now }: Pick<Sight, "topology" | "now">): Progress {
  const since = run.sent["execute"]?.at ?? null;
  switch (run.method) {
    case "promote-replica":
      return ofPromotion(nodeOf(topology, run.candidate), maybeUnderWay(run, now));
    case "reboot-with-failover":
      return ofReboot(nodeOf(topology, run.oldPrimary), since);
    default:
      return ofWriter(run, topology);
  }
}

/** A call without an answer, while the way to another one was gone again: RDS carries it out. */
export function showsAfterAll(run: FailoverRun, seen: Sight): boolean {
  return mayHaveHappened(run, "execute") && progressOf(run, seen) !== "nothing";
}

/**
 * Of a call that was sent long ago a status says nothing: by then it has other reasons, the nightly backup for one. One
 * that is waited for, by what was agreed to or because RDS took it, is waited for all the same.
 */
function maybeUnderWay(run: FailoverRun, now: number): boolean {
  const call = run.sent["execute"];
  if (call === undefined || !mayHaveHappened(run, "execute")) return false;
  const waited = run.phase === "wait" && (run.times.approved !== null || call.answer === "done");
  return waited || counts(call.at, now);
}

function ofPromotion(node: Node | null, sent: boolean): Progress {
  if (node === null) return "nothing";
  const alone = node.replicaOf === null && node.role === "writer";
  if (alone && node.status === "available") return "finished";
  // Any other status may have another reason, which RDS also refuses for; of a call that may be under way it holds all the same.
  return alone || (sent && node.status !== "available") ? "begun" : "nothing";
}

function ofReboot(node: Node | null, since: number | null): Progress {
  if (node === null || since === null) return "nothing";
  const restarted = node.restartedAt !== null && Date.parse(node.restartedAt) >= since;
  if (restarted && node.status === "available") return "finished";
  return restarted || node.status === "rebooting" ? "begun" : "nothing";
}

function ofWriter(
  { candidate, oldPrimary }: FailoverRun,
  { primary, clusterStatus }: FailoverTopology,
): Progress {
  const moved = primary !== null && (candidate === null ? primary !== oldPrimary : primary === candidate);
  if (moved && clusterStatus === "available") return "finished";
  return moved || clusterStatus === "failing-over" || clusterStatus === "switching-over"
    ? "begun"
    : "nothing";
}

/** Who should take writes once it is done; null while RDS names nobody. */
export function newWriter(run: FailoverRun, { primary }: FailoverTopology): string | null {
  if (run.method === "reboot-with-failover") return run.oldPrimary;
  if (run.candidate !== null) return run.candidate;
  return primary === run.oldPrimary ? null : primary;
}
