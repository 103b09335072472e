import type { FailoverRun } from "../contract/failover.ts";
import { type FailoverTopology, type Node, type NodeLook, nodeOf } from "../contract/failover-topology.ts";
import {
  describeCommand,
  giveBackCommand,
  goneCommand,
  redriveCommand,
  redriveForced,
  resourceCommand,
  shutCommand,
} from "./commands.ts";
import { saysCopies } from "./copies.ts";
import { inputNow } from "./force-of.ts";
import { moreThan, saysThatItTook, tookSince } from "./loss.ts";
import { hasItsName, oldNode } from "./old-node.ts";
import { isGone, primaryState } from "./primary-state.ts";
import { end, fenceStands, mayHaveHappened, type Sight, type Turn } from "./turn.ts";
import { lifts } from "./vetoes/standing.ts";
import { fenceOn, walled, wallOf } from "./wall.ts";

const unfenced = "old-primary-unfenced";

/** In words; null: it is seen or proved that the old primary takes no writes, and nothing says that it took any since. */
export function mayTakeWrites(run: FailoverRun, { topology, oldGone }: Sight): string | null {
  const id = idOf(run);
  const old = oldNode(run, topology);
  const now = old !== null ? takesNow(run, topology, old) : oldGone === true ? null : unshown(run, topology);
  if (now !== null || !mayHaveTaken(run)) return now;
  if (old !== null && isShutSince(run, topology, old)) return null;
  // Told that it took writes, and that it takes none now, whoever redrives it with that gives them up by name.
  if (run.forcedAgain.includes(unfenced)) return null;
  return `${id} took writes after it, or may have, and is not seen to be shut by a person since`;
}

/** A person is to say which of two stays: by its record the old primary took writes after the call, or was left to. */
export function isLeftToPeople(run: FailoverRun): boolean {
  const open = run.ending?.status === "failed" && mayHaveHappened(run, "execute") && !namesMoved(run);
  return open && mayHaveTaken(run);
}

/** One of them at least, or maybe: clients are on the new writer. */
export function namesMoved(run: FailoverRun): boolean {
  const points = Object.keys(run.sent).filter((key) => key.startsWith("point:"));
  return run.times.repointed !== null || points.some((key) => mayHaveHappened(run, key));
}

function idOf(run: FailoverRun): string {
  return run.oldPrimary ?? run.input.database;
}

function toldOf({ duties }: FailoverRun): readonly number[] {
  return duties
    .flatMap(({ toldAt, unfencedToldAt }) => [toldAt, unfencedToldAt])
    .filter((at) => at !== undefined);
}

/** That it is left as it is: people may serve from it. */
export function wasTold(run: FailoverRun): boolean {
  return toldOf(run).length > 0;
}

function mayHaveTaken(run: FailoverRun): boolean {
  return wasTold(run) || (run.loss !== null && saysThatItTook(run.loss, idOf(run)));
}

/** As `shutCommand` does it: walled, and asked or restarted since people were told. */
function isShutSince(run: FailoverRun, topology: FailoverTopology, old: Node): boolean {
  if (!walled(topology, old)) return false;
  if (old.look?.reachable === true) return true;
  if (wallOf(topology, old) === null) return false;
  const told = Math.min(...toldOf(run));
  const since = Number.isFinite(told) ? told : (run.sent["execute"]?.at ?? run.startedAt);
  return isGone(old) || (old.restartedAt !== null && Date.parse(old.restartedAt) >= since);
}

/** Before its call, that is. Nobody is known to have opened it since, which `mayHaveTaken` tells. */
function wasFenced({ fencedBy }: FailoverRun): boolean {
  return fencedBy === "door" || fencedBy === "restart";
}

function unshown(run: FailoverRun, topology: FailoverTopology): string | null {
  if (hasItsName(run, topology)) {
    const given = run.forcedAgain.includes(unfenced);
    return given ? null : `what had the name ${idOf(run)} may take writes under another one`;
  }
  if (wasFenced(run) || lifts(inputNow(run), unfenced)) return null;
  return `RDS does not show ${idOf(run)}, which may take writes`;
}

function takesNow(run: FailoverRun, topology: FailoverTopology, old: Node): string | null {
  if (isGone(old)) return null;
  const behindWall = wallOf(topology, old) !== null && walled(topology, old);
  if (old.look?.reachable === true) return saysItself(old.id, old.look, behindWall);
  if (behindWall && restartedBehind(run, old)) return null;
  const { is, says } = primaryState(topology, old);
  const input = inputNow(run);
  const accepted = ["primary-state-unknown", unfenced].some((name) => lifts(input, name));
  const stands = wasFenced(run) && walled(topology, old);
  return is === "dead" || (is === "unknown" && (accepted || stands))
    ? null
    : `${old.id} may take writes (${says})`;
}

function saysItself(id: string, { writable, clients }: NodeLook, behindWall: boolean): string | null {
  if (writable === false || (behindWall && clients === 0)) return null;
  return `${id} ${writable === null ? "may take" : "takes"} writes`;
}

function restartedBehind({ sent }: FailoverRun, { restartedAt }: Node): boolean {
  // Walled by an earlier run it was restarted by this one.
  const since = (sent["wall"] ?? sent["restart"])?.at;
  return since !== undefined && restartedAt !== null && Date.parse(restartedAt) >= since;
}

/** Whoever goes on with one of them loses what the other took: that is nobody's to decide but people's. */
export function betweenTwo(run: FailoverRun, seen: Sight, open: string): Turn {
  const [old, to] = [idOf(run), run.candidate ?? "the new writer"];
  const at = new Date(run.sent["execute"]?.at ?? run.startedAt).toISOString();
  const loss = moreThan(run.loss, tookSince(old, at, to));
  const resource = run.oldResource === null ? {} : { resourceId: run.oldResource };
  // Told so, it is left as it is: whoever watches it fences nobody whom people may serve from.
  const because = `it may take writes beside ${to}`;
  const told = { since: seen.now, toldAt: Math.min(seen.now, ...toldOf(run)), because };
  const duties = [{ kind: "watch-old-primary" as const, node: old, ...resource, ...told }];
  const says = `${to} was promoted by this run's call of ${at}, and ${open}. What was agreed to then counts no more: nobody is fenced by this${choice(run, seen, old, to)}`;
  return end({ ...run, loss, duties }, { status: "failed", says, nextCommand: nextOf(run, seen) });
}

function choice(run: FailoverRun, { topology, oldGone }: Sight, old: string, to: string): string {
  const node = oldNode(run, topology);
  const giveUp = redriveForced(run, unfenced);
  // What does not run, or is not shown, cannot be walled: it is given up by a word.
  const shut =
    node === null || isGone(node)
      ? giveUp
      : `${shutCommand(node.id, topology.quarantineGroup)} && ${redriveCommand(run)}`;
  if (namesMoved(run))
    return `. Names were moved to ${to}, or may have been: it has what came since. To keep clients off ${old}: ${shut}.`;
  const goOn = `To go on with ${to}, and lose what ${old} took since: ${shut}.`;
  if (oldGone === true)
    return `, and no name was moved. RDS has ${old} under no name any more: ${to} may be the only copy, and is not to be deleted. ${goOn}`;
  const fence = fenceNow(run, topology);
  const inside = insideNow(run, topology, to);
  const stay = `${goneCommand(run)}${fence.mayStand ? ` && ${giveBackCommand(run)}` : ""}`;
  const other = hasItsName(run, topology)
    ? `where what had that name is there under another one. Who is called ${old} by now is another instance: what that took ${to} has not either`
    : node === null
      ? `where it is there; where it is not, ${to} is the only copy, and not to be deleted`
      : `and ${to} is a copy that nobody needs`;
  return `, and no name was moved.${fence.says}${inside} To stay with ${old}: ${stay}, ${other}. ${goOn}`;
}

/** By its name another one may be found, or nobody. */
function nextOf(run: FailoverRun, { topology, oldGone }: Sight): string {
  if (oldGone === true) return redriveForced(run, unfenced);
  if (hasItsName(run, topology)) return describeCommand(idOf(run));
  const { oldResource } = run;
  const unseen = oldNode(run, topology) === null && oldResource !== null;
  return unseen ? resourceCommand(oldResource) : describeCommand(idOf(run));
}

/** What is seen of its fence on the old primary, which the sweeper may have closed since; where it is not seen it may stand. */
function fenceNow(run: FailoverRun, topology: FailoverTopology): { says: string; mayStand: boolean } {
  const old = oldNode(run, topology);
  const is = old === null ? null : fenceOn(topology, old);
  if (old !== null && is !== null)
    return { says: ` ${old.id} is ${is} now: clients do not write there.`, mayStand: fenceStands(run) };
  const unseen = old?.look?.reachable !== true && fenceStands(run);
  const says = unseen ? ` ${idOf(run)} MAY BE FENCED by this run, which is not seen.` : "";
  return { says, mayStand: unseen };
}

/** What of the fence came to others with the stream: the redrive opens the new writer alone. */
function insideNow(run: FailoverRun, topology: FailoverTopology, to: string): string {
  const look = nodeOf(topology, run.candidate)?.look ?? null;
  const shut = (look?.traces ?? look?.fenced) === true;
  const says = shut ? ` ${to} is FENCED FROM INSIDE until the redrive opens it.` : "";
  return `${says}${saysCopies(run, topology, run.candidate)}`;
}
