import type { Ending, FailoverRun } from "../contract/failover.ts";
import { type FailoverTopology, type Node, nodeOf } from "../contract/failover-topology.ts";
import { InvalidInputError } from "../errors.ts";
import { agreementMs } from "./agreement.ts";
import { renamedSince } from "./candidate-node.ts";
import { describeCommand, showCommand } from "./commands.ts";
import { saysCopies } from "./copies.ts";
import { oldNode } from "./old-node.ts";
import { isGone } from "./primary-state.ts";
import { fenceStands, fencing, mayHaveHappened, type Sight, type Turn } from "./turn.ts";
import { walled, wallOf } from "./wall.ts";

const purpose = "It was to take its fence off by a person's word, and to do nothing else.";

/**
 * By a person's word a run that ended takes its fence off, and does nothing else: a redrive would go on with the failover
 * where the primary is dead. Throws InvalidInputError where it goes on still, or nothing of its fence may stand.
 */
export function givesBack(run: FailoverRun, now: number): FailoverRun {
  const { id, phase, ending, oldPrimary } = run;
  if (phase !== "ended" || ending === null) {
    throw new InvalidInputError(`${id} goes on in ${phase}: nothing is given back by hand meanwhile`);
  }
  if (ending.status === "done" || !fenceStands(run)) {
    const why = ending.status === "done" ? `it made ${run.candidate} the primary` : "nothing of it may stand";
    throw new InvalidInputError(`${id} gives no fence of ${oldPrimary ?? "anybody"} back: ${why}`);
  }
  const spoken = /^(announce:.*|lock|relock|release|unwall|unfence)$/;
  const sent = Object.fromEntries(Object.entries(run.sent).filter(([key]) => !spoken.test(key)));
  const says = `${purpose} Before, it ended ${ending.status} in ${ending.phase}.`;
  const fresh = { phaseSince: now, blindSince: null, keepsLock: false, untold: null };
  const told = { status: "held" as const, phase: ending.phase, says, nextCommand: showCommand(id) };
  return { ...run, ...fresh, sent, phase: "compensate", ending: told };
}

/** Why a fence is not given back behind a call, whosever: somebody may have been promoted by it. Null: nobody was. */
export function maybePromoted(run: FailoverRun, seen: Sight): string | null {
  return byOwnCall(run, seen) ?? byAnother(run, seen);
}

function byOwnCall(run: FailoverRun, seen: Sight): string | null {
  const { topology, now } = seen;
  const of = run.sent["execute"];
  if (of === undefined || !mayHaveHappened(run, "execute")) return null;
  const since = new Date(of.at + agreementMs).toISOString();
  if (now - of.at < agreementMs) return `its call may still be carried out until ${since}`;
  return unpromoted(run.candidate, run, seen) ?? otherPrimary(run, topology);
}

/** Who stands on this run's fence may have called; a call that was over when this one began was seen to move nobody. */
function byAnother(run: FailoverRun, seen: Sight): string | null {
  const { topology, earlier = [], now } = seen;
  const call = topology.lastCall;
  const tried = fencing.some((key) => run.sent[key] !== undefined);
  if (!tried || call === undefined || call.by === run.id) return null;
  const until = Date.parse(call.at) + agreementMs;
  if (until <= run.startedAt) return null;
  const by = call.by === null ? "another failover" : `failover ${call.by}`;
  const other = earlier.find(({ id }) => id === call.by);
  const to = other === undefined ? null : renamedSince(other, topology).candidate;
  // What is the primary already is made it by nobody.
  if (to !== null && to === run.oldPrimary) return otherPrimary(run, topology);
  if (now < until) return `the call of ${by} may still be carried out until ${new Date(until).toISOString()}`;
  const rest = topology.nodes.map(({ id }) => id).filter((id) => id !== run.oldPrimary);
  const whys = (to === null ? rest : [to]).map((id) => unpromoted(id, run, seen));
  const why = whys.find((one) => one !== null) ?? otherPrimary(run, topology);
  return why === null ? null : `${why}, behind the call of ${by}`;
}

/** Whom RDS has no more nobody promotes; but what was a replica of it is a database of its own since. */
function unpromoted(id: string | null, run: FailoverRun, { topology, gone = [] }: Sight): string | null {
  if (id === null || !gone.includes(id)) return noReplica(id, topology);
  const old = oldNode(run, topology)?.id;
  const alone = topology.nodes.find(
    (node) => node.id !== old && node.role === "writer" && node.replicaOf === null && mayWrite(node),
  );
  return alone === undefined ? null : `${id} is gone, and ${alone.id} stands alone and may take writes`;
}

function mayWrite(node: Node): boolean {
  return !isGone(node) && node.look?.writable !== false;
}

function noReplica(id: string | null, topology: FailoverTopology): string | null {
  const node = nodeOf(topology, id);
  if (node === null || node.replicaOf === null) return `${id} is not shown as a replica any more`;
  return node.status === "available" ? null : `RDS says ${node.status ?? "nothing"} of ${id}`;
}

function otherPrimary(run: FailoverRun, topology: FailoverTopology): string | null {
  const { primary } = topology;
  const same = primary === run.oldPrimary || (primary !== null && oldNode(run, topology)?.id === primary);
  return same ? null : `${primary ?? "nobody"} is the primary by now`;
}

/** How it ended is said, where it was for this alone. What an earlier run's fence left shut is no primary as before. */
export function saidGivenBack(turn: Turn, { topology }: Sight): Turn {
  if (!("go" in turn) || turn.go !== "announce") return turn;
  const { run } = turn;
  if (run.ending === null || run.givenBack === null || !run.ending.says.startsWith(purpose)) return turn;
  const old = oldNode(run, topology);
  const stands = old === null ? null : standing(old, topology);
  if (old !== null && stands !== null) return { ...turn, run: shutStill(run, run.ending, old.id, stands) };
  const says = `The fence was taken off ${run.oldPrimary}, and nothing else was done. It is the primary as before.${saysCopies(run, topology)}`;
  return { ...turn, run: { ...run, earlier: null, ending: { ...run.ending, says } } };
}

/** What of a fence is on it still; null: nothing. */
function standing(old: Node, topology: FailoverTopology): string | null {
  if (wallOf(topology, old) !== null && walled(topology, old)) return "WALLED";
  return (old.look?.traces ?? old.look?.fenced) === true ? "FENCED FROM INSIDE" : null;
}

function shutStill(run: FailoverRun, ending: Ending, id: string, stands: string): FailoverRun {
  const by = run.earlier === null ? " What gives it back is not known here." : "";
  const says = `The fence of ${run.id} was taken off ${id}, and nothing else was done. It is ${stands} still, by an earlier failover, and clients do not come in.${by}`;
  const nextCommand = run.earlier?.backCommand ?? describeCommand(id);
  return { ...run, ending: { ...ending, status: "failed", says, nextCommand } };
}
