import type { Duty, FailoverRun } from "../contract/failover.ts";
import { type FailoverTopology, nodeOf } from "../contract/failover-topology.ts";
import { needsFence } from "./methods.ts";
import { mayHaveHappened } from "./turn.ts";

export type DutyStep =
  /** It takes writes: fenced before anything else, and people are told. */
  | { readonly is: "fence"; readonly node: string; readonly tell: string; readonly sees: string }
  | { readonly is: "watch"; readonly says: string }
  /** It takes writes and is RDS's primary: clients may be on it by somebody's will. Told once, and watched on. */
  | { readonly is: "leave"; readonly node: string; readonly tell: string }
  | { readonly is: "over"; readonly says: string };

/** What the sweeper does about an old primary after the run has ended. */
export function keepWatch(
  { node: id, resourceId, unseen }: Duty,
  topology: FailoverTopology | null,
): DutyStep {
  if (topology === null) return { is: "watch", says: "RDS does not answer" };
  const node = nodeOf(topology, id);
  if (node === null && unseen) return { is: "watch", says: `RDS still does not show ${id}` };
  if (node === null) return { is: "over", says: `${id} is gone` };
  const other = resourceId !== undefined && (node.resourceId ?? resourceId) !== resourceId;
  if (other) return { is: "over", says: `${id} is another instance by now, made or renamed so` };
  if (node.replicaOf !== null) return { is: "over", says: `${id} is a replica now` };
  const { look } = node;
  if (look?.reachable !== true) return { is: "watch", says: `${id} does not answer` };
  if (look.writable === false) return { is: "watch", says: `${id} is fenced` };
  const took = look.writable === null ? "may take writes" : "takes writes";
  if (topology.primary === id) {
    const tell = `${id}, an old primary by this failover, ${took} and is the primary by now: it is left as it is.`;
    return { is: "leave", node: id, tell };
  }
  const sees = `${id}, the old primary, is back and ${took}`;
  return { is: "fence", node: id, tell: `${sees}: it is fenced again.`, sees };
}

/** The old primary is a writer of its own for ever: only the fence keeps clients off it. */
export function watched(run: FailoverRun, now: number): FailoverRun {
  if (run.oldPrimary === null || run.duties.length > 0) return run;
  const because = {
    door: "it is fenced and could be opened by anybody who thinks it is the primary",
    restart: "it could not be asked when it was fenced",
    gone: "RDS says that it does not run; when it does, it takes writes",
    unseen: "RDS did not show it, so nobody fenced it; where it is, it may take writes",
    nobody: "it could not be fenced",
    // Taken up behind its call, and ended before anybody had looked.
    unknown: "whether the fence of before still stands was not seen",
  }[run.fencedBy ?? "unknown"];
  const resource = run.oldResource === null ? {} : { resourceId: run.oldResource };
  const unseen = run.fencedBy === "unseen" ? ({ unseen: true } as const) : {};
  const of = { kind: "watch-old-primary", node: run.oldPrimary, ...resource, ...unseen } as const;
  return { ...run, duties: [{ ...of, since: now, because }] };
}

/** However it ended: where something may have been promoted the old primary must not come back unseen. */
export function watchedIfMoved(run: FailoverRun, now: number): FailoverRun {
  return needsFence(run.method) && mayHaveHappened(run, "execute") ? watched(run, now) : run;
}
