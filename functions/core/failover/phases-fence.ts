import type { FailoverRun } from "../contract/failover.ts";
import { type Node, type NodeLook, nodeOf } from "../contract/failover-topology.ts";
import { again, describeCommand } from "./commands.ts";
import { inputNow } from "./force-of.ts";
import { heldBy } from "./held.ts";
import { showsAfterAll } from "./methods.ts";
import { hasItsName, oldNode } from "./old-node.ts";
import { type Once, once } from "./once.ts";
import { type Judged, judge, replacement } from "./phases-before.ts";
import { hasAll } from "./positions.ts";
import { isGone } from "./primary-state.ts";
import { stamped } from "./times.ts";
import { giveUp, mayHaveHappened, noted, over, type Sight, type Turn, wait } from "./turn.ts";
import { lifts } from "./vetoes/standing.ts";
import { walled, wallOf } from "./wall.ts";

const fenceLimitMs = 90_000;
const catchUpLimitMs = 120_000;
const stillLimitMs = 3000;

/** First the wall, so that nobody whose session is ended by a restart comes back; whom we reach shuts its door itself. */
export function fence(before: FailoverRun, seen: Sight): Turn {
  const { topology } = seen;
  if (showsAfterAll(before, seen)) return { go: "wait", run: before };
  if (hasItsName(before, topology)) return giveUp(before, renamed(before));
  const old = oldNode(before, topology);
  if (old === null) return notSeen(before, seen);
  if (isGone(old)) return fenced(before, seen, "gone");
  const wall = walled(topology, old);
  const run = wall ? before : withoutRestart(before);
  if (wall === true && doorProves(old)) return fenced(run, seen, "door");
  // Whoever answers and takes writes is not fenced by a restart of before.
  const answers = old.look?.reachable === true && old.look.writable !== false;
  if (wall === true && wallOf(topology, old) !== null && restarted(run, old) && !answers) {
    return fenced(run, seen, "restart");
  }
  if (over(run, seen, fenceLimitMs)) return unfenced(run);
  const steps = [wall ? null : raiseWall(run, seen, old), closeDoor(run, seen, old)];
  const turns = steps.flatMap((step) => (step?.is === "turn" ? [step.turn] : []));
  // Both are proved in the end; until a security group holds RDS may take a minute in which the door shuts as well.
  const turn = turns.find((one) => "send" in one) ?? turns[0];
  if (turn !== undefined) return turn;
  return wait(run, seen, `${old.id} is being fenced`);
}

function doorProves({ look }: Node): boolean {
  return look?.reachable === true && look.writable === false && look.fenced === true && look.clients === 0;
}

function restarted({ sent }: FailoverRun, { restartedAt }: Node): boolean {
  const since = sent["restart"]?.at;
  return since !== undefined && restartedAt !== null && Date.parse(restartedAt) >= since;
}

/** Behind a wall that was down clients came back: a restart of before ended none of their sessions. */
function withoutRestart(run: FailoverRun): FailoverRun {
  const { restart: _, ...sent } = run.sent;
  return { ...run, sent };
}

export function raiseWall(before: FailoverRun, seen: Sight, { id, securityGroups }: Node, tries = 5): Once {
  // Begun on the wall of an earlier run, which somebody lowered since: what stands now is what to go back to.
  const groupsBefore = before.groupsBefore ?? securityGroups;
  const run = { ...withoutRestart(before), groupsBefore };
  const groups = [seen.topology.quarantineGroup ?? ""];
  const options = { shown: false, settleMs: 10_000, tries, repeatable: true };
  return once(run, seen, "wall", { kind: "wall", node: id, groups }, options);
}

/** Whom we reach we ask; whom we do not reach RDS restarts behind the wall, which ends every session that was left. */
function closeDoor(run: FailoverRun, seen: Sight, old: Node): Once | null {
  const options = { shown: false, settleMs: 5000, tries: 8, repeatable: true };
  if (old.look?.reachable === true) return once(run, seen, "fence", { kind: "fence", node: old.id }, options);
  if (wallOf(seen.topology, old) === null || !walled(seen.topology, old)) return null;
  return once(
    run,
    seen,
    "restart",
    { kind: "restart", node: old.id },
    { ...options, settleMs: 20_000, tries: 3 },
  );
}

function fenced(run: FailoverRun, seen: Sight, fencedBy: "door" | "restart" | "gone"): Turn {
  const old = oldNode(run, seen.topology);
  const goal = fencedBy === "door" ? (old?.look?.written ?? null) : run.goal;
  return { go: "catch-up", run: stamped({ ...run, fencedBy, goal }, "fenced", seen.now) };
}

/** Who was renamed may take writes as before, and does so unseen. */
export function renamed(run: FailoverRun) {
  const says = `Nothing was promoted: another instance has the name ${run.oldPrimary} by now, and what was the primary cannot be seen.`;
  return {
    status: "held" as const,
    says,
    nextCommand: describeCommand(run.oldPrimary ?? run.input.database),
  };
}

/** Renamed, of another Region, or left out by a look: who is not in a description is not gone. */
function notSeen(run: FailoverRun, seen: Sight): Turn {
  if (!over(run, seen, fenceLimitMs)) return wait(run, seen, `RDS does not show ${run.oldPrimary}`);
  return unfenced(run, "unseen");
}

function unfenced(run: FailoverRun, fencedBy: "nobody" | "unseen" = "nobody"): Turn {
  const name = "old-primary-unfenced";
  const { answer, says: why } = run.sent["fence"] ?? {};
  const door = answer === "refused" && why != null ? ` (its door was refused: ${why})` : "";
  const unseen = fencedBy === "unseen" ? "RDS does not show it, which is not that it is gone: " : "";
  const says = `${unseen}nothing proves that ${run.oldPrimary} takes no more writes${door}`;
  if (lifts(inputNow(run), name)) {
    const forced = { ...run, fencedBy, overridden: [...run.overridden, name] };
    return { go: "catch-up", run: noted(forced, `Overridden: ${says}.`) };
  }
  const nextCommand = again(run, [name]);
  return giveUp(run, { status: "held", says: `Nothing was promoted: ${says}.`, nextCommand });
}

/** What it received is applied first, and all that a fenced primary had written if that one can be asked. */
export function catchUp(before: FailoverRun, seen: Sight): Turn {
  if (showsAfterAll(before, seen)) return { go: "wait", run: before };
  if (hasItsName(before, seen.topology)) return giveUp(before, renamed(before));
  const run = replaced(askedAfterAll(before, seen), seen);
  const look = nodeOf(seen.topology, run.candidate)?.look ?? null;
  const drained = look?.reachable === true && hasAll(look.applied, look.received) === true;
  const complete =
    run.goal === null
      ? drained && isCutOff(look, run, seen)
      : hasAll(look?.applied ?? null, run.goal) === true;
  if (complete) {
    const { held, overridden } = lastJudged(run, seen);
    if (held.length === 0) return { go: "execute", run: { ...run, overridden, clearedAt: seen.now } };
    if (over(run, seen, catchUpLimitMs)) return giveUp(run, heldBy(run, held));
    return wait(run, seen, `${held.map(({ name }) => name).join(", ")} stands`);
  }
  if (!over(run, seen, catchUpLimitMs)) return wait(run, seen, `${run.candidate} applies what it received`);
  const name = "not-caught-up";
  const says = `${run.candidate} has not applied everything after ${catchUpLimitMs / 1000} s`;
  if (!lifts(inputNow(run), name)) {
    return giveUp(run, {
      status: "held",
      says: `Nothing was promoted: ${says}.`,
      nextCommand: again(run, [name]),
    });
  }
  const { held, overridden } = judge(run, seen, "lasting");
  if (held.length > 0) return giveUp(run, heldBy(run, held));
  const forced = { ...run, overridden: [...overridden, name], clearedAt: seen.now };
  return { go: "execute", run: noted(forced, `Overridden: ${says}.`) };
}

/**
 * Behind the wall no replica reconnects, and RDS calls that an error; MySQL tries it once a minute. That it had not long
 * stood still was checked before, and by now it has all that the fenced primary wrote.
 */
const sinceTheFence = "replication-stopped";

function lastJudged(run: FailoverRun, seen: Sight): Judged {
  const judged = judge(run, seen, "lasting");
  if (run.goal === null) return judged;
  return { ...judged, held: judged.held.filter(({ name }) => name !== sinceTheFence) };
}

/** Where nobody said how far the old primary got, one that still receives from it has not received all of it. */
function isCutOff(look: NodeLook, run: FailoverRun, seen: Sight): boolean {
  if (look.receiving !== true) return true;
  if (look.sourceWritten !== null) return hasAll(look.applied, look.sourceWritten) === true;
  return over(run, seen, stillLimitMs);
}

/** So long a candidate may not answer before another one is taken: it may only be restarting. */
const silentLimitMs = 5000;

function replaced(run: FailoverRun, seen: Sight): FailoverRun {
  const look = nodeOf(seen.topology, run.candidate)?.look ?? null;
  if (look?.reachable !== false || mayHaveHappened(run, "execute") || !over(run, seen, silentLimitMs))
    return run;
  const other = replacement(run, seen);
  if (other === null) return run;
  return noted({ ...run, candidate: other }, `${run.candidate} does not answer any more: ${other} is taken.`);
}

/** An old primary that came back behind its wall and is fenced can say what it had written: then nothing need be lost. */
function askedAfterAll(run: FailoverRun, { topology }: Sight): FailoverRun {
  const old = oldNode(run, topology);
  const written = old?.look?.written ?? null;
  if (run.goal !== null || old === null || written === null || !doorProves(old)) return run;
  return { ...run, goal: written, fencedBy: "door" };
}
