import type { FailoverRun } from "../contract/failover.ts";
import type { Duty } from "../contract/failover-duty.ts";
import { type FailoverTopology, type Node, nodeOf } from "../contract/failover-topology.ts";
import { counts } from "./agreement-time.ts";
import { namesMoved } from "./between-two.ts";
import { needsFence } from "./methods.ts";
import { isGone } from "./primary-state.ts";
import { mayHaveHappened } from "./turn.ts";

/** `says`: what the look showed. */
export type DutyStep = { readonly says: string } & (
  | { readonly is: "fence"; readonly node: string }
  /** `shut`: it takes no writes, or does not run. When it does again it comes back, and that is told anew. */
  | { readonly is: "watch"; readonly shut: boolean }
  /** It takes writes, and clients may be on it by somebody's will. Told once, noted as `told`, and watched on. */
  | { readonly is: "leave"; readonly tell: string; readonly told: "toldAt" | "unfencedToldAt" }
  | { readonly is: "over" }
);

/** Of a group as a look showed it; empty: RDS knows none of its names. */
export type WatchedGroup = Pick<FailoverTopology, "nodes" | "primary">;

/**
 * Its names were not moved off it, and people know for long that it takes writes and is not fenced: clients rely on it. Where
 * the failover was done clients are on the new one, and a fence that failed is tried again.
 */
export function isLongServed(run: FailoverRun, { unfencedToldAt }: Duty, now: number): boolean {
  if (unfencedToldAt === undefined || counts(unfencedToldAt, now)) return false;
  return run.ending?.status !== "done" && !namesMoved(run);
}

/** What the sweeper does about an old primary after the run has ended. `served`: as isLongServed. */
export function keepWatch(duty: Duty, group: WatchedGroup, served = false): DutyStep {
  const { node: id, resourceId, unseen } = duty;
  const node = nodeOf(group, id);
  if (node === null && unseen) return { is: "watch", says: `RDS still does not show ${id}`, shut: false };
  if (node === null) return { is: "over", says: `${id} is gone` };
  const other = resourceId !== undefined && (node.resourceId ?? resourceId) !== resourceId;
  if (other) return { is: "over", says: `${id} is another instance by now, and the old primary is gone` };
  if (node.replicaOf !== null) return { is: "over", says: `${id} is a replica now` };
  const { look } = node;
  if (look?.reachable !== true) return silent(node);
  if (look.writable === false) {
    return { is: "watch", says: `${id} ${look.fenced ? "is fenced" : "takes no writes"}`, shut: true };
  }
  const took = look.writable === null ? "may take writes" : "takes writes";
  return served && duty.toldAt === undefined ? staysServed(id, took) : takesWrites(duty, group, took);
}

function silent(node: Node): DutyStep {
  const { id, status, look } = node;
  if (isGone(node)) return { is: "watch", says: `RDS says ${status} of ${id}`, shut: true };
  const where = look?.failedAt ? ` (${look.failedAt})` : "";
  return { is: "watch", says: `${id} does not answer${where}`, shut: false };
}

function staysServed(id: string, took: string): DutyStep {
  const says = `${id}, an old primary by this failover, ${took}, which was told long ago, and no name was moved off it`;
  return { is: "leave", says, tell: `${says}: it is left as it is.`, told: "toldAt" };
}

function takesWrites({ node: id, toldAt }: Duty, { primary }: WatchedGroup, took: string): DutyStep {
  if (primary === id) {
    const says = `${id}, an old primary by this failover, ${took} and is the primary by now`;
    return { is: "leave", says, tell: `${says}: it is left as it is.`, told: "toldAt" };
  }
  if (toldAt === undefined)
    return { is: "fence", says: `${id}, the old primary, is back and ${took}`, node: id };
  // Whoever was told that it is left relies on it: by then clients are on it.
  const says = `${id}, which was left as the primary, ${took}, and ${primary ?? "another one"} is one of its own since`;
  const tell = `${says}: it is NOT FENCED, for clients may be on it by somebody's will. What the one takes the other never gets: keep clients off one of the two. Where both are meant, the command below ends this watch.`;
  return { is: "leave", says, tell, told: "unfencedToldAt" };
}

/**
 * The old primary is a writer of its own for ever: only the fence keeps clients off it. After a redrive it is watched
 * for anew.
 */
export function watched(run: FailoverRun, now: number): FailoverRun {
  const own = run.duties.some(({ since }) => since >= run.phaseSince);
  if (run.oldPrimary === null || own) return run;
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
  const toldAt = stillTold(run, now);
  return { ...run, duties: [{ ...of, since: now, because, ...(toldAt === null ? {} : { toldAt }) }] };
}

/**
 * That people were told it is left counts until this run itself closed it or moved a name off it; whose fence was taken
 * off is left by that. Null: it is not left.
 */
function stillTold(run: FailoverRun, now: number): number | null {
  const told = run.duties.find(({ node }) => node === run.oldPrimary)?.toldAt;
  const acts = Object.entries(run.sent).filter(([key]) =>
    /^(wall|fence|refence|restart|point:\d+)$/.test(key),
  );
  const acted = acts.some(([key, { at }]) => at >= (told ?? 0) && mayHaveHappened(run, key));
  if (told !== undefined && !acted) return told;
  return run.givenBack === null ? null : now;
}

/**
 * However it ended: where something may have been promoted the old primary must not come back unseen; unless people stay
 * with it, and ended that watch.
 */
export function watchedIfMoved(run: FailoverRun, now: number): FailoverRun {
  if (run.staysAt !== null) return run;
  return needsFence(run.method) && mayHaveHappened(run, "execute") ? watched(run, now) : run;
}

export function withDuty(run: FailoverRun, node: string, change: (duty: Duty) => Duty): FailoverRun {
  return { ...run, duties: run.duties.map((duty) => (duty.node === node ? change(duty) : duty)) };
}

/** When it was last seen and how, and since when it is not. */
export function lastLook({ seen, blind }: Duty): string {
  const was =
    seen === undefined
      ? "It was not looked at so far"
      : `Last seen ${new Date(seen.at).toISOString()}: ${seen.says}`;
  if (blind === undefined) return `${was}.`;
  return `${was}. Since ${new Date(blind.since).toISOString()} nobody can look at it: ${blind.says}.`;
}
