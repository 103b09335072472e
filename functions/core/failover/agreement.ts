import type { FailoverRun, Phase } from "../contract/failover.ts";
import type { Node, NodeLook } from "../contract/failover-topology.ts";
import { describeCommand, goneCommand, redriveCommand, shutCommand } from "./commands.ts";
import { moreThan } from "./loss.ts";
import { needsFence, progressOf, repeatable } from "./methods.ts";
import { hasItsName, oldNode } from "./old-node.ts";
import { isGone, primaryState } from "./primary-state.ts";
import { end, mayHaveHappened, type Sight, type Turn, unproved } from "./turn.ts";
import { lifts } from "./vetoes/standing.ts";
import { walled, wallOf } from "./wall.ts";

/** So long what was judged and agreed to counts, from then or from the call that was sent by it. */
export const agreementMs = 960_000;

/** When it was last agreed to, or sent by that; null: nobody has agreed to what it does now. */
export function agreedAt({ times, sent }: FailoverRun): number | null {
  return times.approved === null ? null : Math.max(times.approved, sent["execute"]?.at ?? 0);
}

/** When its vetoes were last judged, or it was sent by that. Runs of before have no time of their own for it. */
export function checkedAt({ checkedAt: at, times, sent }: FailoverRun): number | null {
  const checked = at ?? times.approved;
  return checked === null ? null : Math.max(checked, sent["execute"]?.at ?? 0);
}

export function isAgreed({ times }: Pick<FailoverRun, "times">): boolean {
  return times.approved !== null;
}

/** To be judged and agreed to anew before anything that moves the writer or closes a door. */
export function lapsed(run: FailoverRun, approved: boolean): FailoverRun {
  const times = { ...run.times, approved: null };
  return { ...run, times, approved, checkedAt: null, approval: null, accepts: null, overridden: [] };
}

/** The old primary is fenced by then, and has to stay so. */
export const afterFence: readonly Phase[] = [
  "catch-up",
  "execute",
  "wait",
  "prove-writable",
  "repoint",
  "prove-name",
  "rebuild",
];
/** Fence, wall, restart, call and names are sent in these and nowhere else. */
const acting: readonly Phase[] = ["fence", ...afterFence];

/**
 * What was agreed to has lapsed, and people may have opened the primary by hand since: nobody is fenced, promoted or
 * pointed at by it. Behind a call that shows nothing everything is judged and agreed to anew. What the call began is
 * waited for; where it finished, it goes on if the old primary takes no writes, and otherwise people decide between the
 * two. Null: it was agreed to, or may go on.
 */
export function notAgreed(run: FailoverRun, phase: Phase, seen: Sight): Turn | null {
  if (isAgreed(run) || !acting.includes(phase)) return null;
  const anew: Turn = { go: "check", run: { ...run, ...unproved } };
  if (!mayHaveHappened(run, "execute")) return anew;
  const progress = progressOf(run, seen.topology);
  // One that must not be sent twice has nothing to be agreed to: its phases only tell how it ended.
  if (progress === "nothing") return needsFence(run.method) || repeatable(run) ? anew : null;
  if (progress === "begun") return phase === "wait" ? null : { go: "wait", run };
  if (!needsFence(run.method) || phase === "rebuild") return null;
  const open = takesWrites(run, seen);
  return open === null ? null : betweenTwo(run, seen, open);
}

/** In words; null: it is seen or proved that the old primary takes none. */
function takesWrites(run: FailoverRun, { topology }: Sight): string | null {
  const id = run.oldPrimary ?? run.input.database;
  if (hasItsName(run, topology)) return `what had the name ${id} may take writes under another one`;
  const old = oldNode(run, topology);
  if (old === null) return `RDS does not show ${id}, which may take writes`;
  if (isGone(old)) return null;
  const behindWall = wallOf(topology, old) !== null && walled(topology, old);
  if (old.look?.reachable === true) return saysItself(old.id, old.look, behindWall);
  if (behindWall && restartedBehind(run, old)) return null;
  const { is, says } = primaryState(topology, old);
  const accepted = ["primary-state-unknown", "old-primary-unfenced"].some((name) => lifts(run.input, name));
  return is === "dead" || (is === "unknown" && accepted) ? null : `${id} may take writes (${says})`;
}

function saysItself(id: string, { writable, clients }: NodeLook, behindWall: boolean): string | null {
  if (writable === false || (behindWall && clients === 0)) return null;
  return `${id} ${writable === null ? "may take" : "takes"} writes`;
}

function restartedBehind({ sent }: FailoverRun, { restartedAt }: Node): boolean {
  const since = sent["wall"]?.at;
  return since !== undefined && restartedAt !== null && Date.parse(restartedAt) >= since;
}

/** Whoever goes on with one of them loses what the other took: that is nobody's to decide but people's. */
function betweenTwo(run: FailoverRun, seen: Sight, open: string): Turn {
  const [old, to] = [run.oldPrimary ?? run.input.database, run.candidate ?? "the new writer"];
  const at = new Date(run.sent["execute"]?.at ?? run.startedAt).toISOString();
  const loss = moreThan(run.loss, `what ${old} took since the call of ${at} ${to} never got`);
  const resource = run.oldResource === null ? {} : { resourceId: run.oldResource };
  // Told so, it is left as it is: whoever watches it fences nobody whom people may serve from.
  const told = { since: seen.now, toldAt: seen.now, because: `it may take writes beside ${to}` };
  const duties = [{ kind: "watch-old-primary" as const, node: old, ...resource, ...told }];
  const says = [
    `${to} was promoted by this run's call of ${at}, and ${open}. What was agreed to then counts no more: nobody was fenced and no name was moved.`,
    `To stay with ${old}: ${goneCommand(run)}, and ${to} is a copy that nobody needs.`,
    `To go on with ${to}, and lose what ${old} took since: ${shutCommand(old, seen.topology.quarantineGroup)} && ${redriveCommand(run)}.`,
  ].join(" ");
  return end({ ...run, loss, duties }, { status: "failed", says, nextCommand: describeCommand(old) });
}
