import type { FailoverRun } from "../contract/failover.ts";
import { type FailoverTopology, type Node, nodeOf } from "../contract/failover-topology.ts";
import { agreementMs } from "./agreement-time.ts";
import { namesMoved } from "./between-two.ts";
import { candidateNode, renamedSince } from "./candidate-node.ts";
import {
  describeCommand,
  giveBackCommand,
  nameText,
  pointCommand,
  redriveCommand,
  showCommand,
} from "./commands.ts";
import { oldNode } from "./old-node.ts";
import { isGone } from "./primary-state.ts";
import { fencing, mayHaveHappened, type Sight } from "./turn.ts";

/** Why a fence is not given back, and what leads on: a word that would only be refused again is none. */
export interface Refused {
  readonly why: string;
  readonly release: string;
  readonly nextCommand: string;
}

/** Why a fence is not given back behind a call, whosever: somebody may have been promoted by it. Null: nobody was. */
export function maybePromoted(run: FailoverRun, seen: Sight): Refused | null {
  return byOwnCall(run, seen) ?? byAnother(run, seen);
}

function byOwnCall(run: FailoverRun, seen: Sight): Refused | null {
  const { topology, now } = seen;
  const of = run.sent["execute"];
  if (of === undefined || !mayHaveHappened(run, "execute")) return null;
  const copy = candidateNode(run, topology);
  const promoted = copy !== null && isPromoted(copy);
  if (run.staysAt !== null && promoted) return onCopy(run, seen, copy.id) ?? otherPrimary(run, seen, copy.id);
  const since = new Date(of.at + agreementMs).toISOString();
  if (now - of.at < agreementMs) return later(run, `its call may still be carried out until ${since}`);
  if (promoted) return goesOn(run, copy.id);
  return unpromoted(run.candidate, run, seen) ?? otherPrimary(run, seen);
}

/** What stands in the way passes: the same word is typed again then. */
function later(run: FailoverRun, why: string): Refused {
  const nextCommand = `${describeCommand(run.candidate ?? run.input.database)} && ${giveBackCommand(run)}`;
  return { why, release: "", nextCommand };
}

function isPromoted({ role, replicaOf }: Node): boolean {
  return role === "writer" && replicaOf === null;
}

function goesOn(run: FailoverRun, to: string): Refused {
  const redriven = redriveCommand(run);
  const or = ` Where nobody needs ${to}, delete it: ${giveBackCommand(run)} takes the fence off then.`;
  const release = ` ${redriven} goes on with ${to}.${namesMoved(run) ? "" : or}`;
  return { why: `${to} is not shown as a replica any more`, release, nextCommand: redriven };
}

/** People stay with the old primary, and by that name clients come to the copy, or may: it would be a second writer. */
function onCopy(run: FailoverRun, { names }: Sight, copy: string): Refused | null {
  const old = run.oldPrimary ?? run.input.database;
  for (const { ref, reading } of names) {
    if (reading === null) return later(run, `where ${nameText(ref)} leads could not be read`);
    if (reading.pointsTo !== copy) continue;
    const release = ` Point it to ${old} first.`;
    const nextCommand = `${pointCommand(ref, old)} && ${giveBackCommand(run)}`;
    return { why: `${nameText(ref)} leads to ${copy}`, release, nextCommand };
  }
  return null;
}

/** Who stands on this run's fence may have called; a call that was over when this one began was seen to move nobody. */
function byAnother(run: FailoverRun, seen: Sight): Refused | null {
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
  if (to !== null && to === run.oldPrimary) return otherPrimary(run, seen);
  if (now < until)
    return later(run, `the call of ${by} may still be carried out until ${new Date(until).toISOString()}`);
  const rest = topology.nodes.map(({ id }) => id).filter((id) => id !== run.oldPrimary);
  const whys = (to === null ? rest : [to]).map((id) => unpromoted(id, run, seen));
  const refused = whys.find((one) => one !== null) ?? otherPrimary(run, seen);
  if (refused === null) return null;
  const why = `${refused.why}, behind the call of ${by}`;
  const moved = to !== null && nodeOf(topology, to)?.replicaOf === null;
  // How that one goes on stands with its own end.
  return moved && other !== undefined
    ? { why, release: "", nextCommand: showCommand(other.id) }
    : { ...refused, why };
}

/** Whom RDS has no more nobody promotes; but what was a replica of it is a database of its own since. */
function unpromoted(id: string | null, run: FailoverRun, { topology, gone = [] }: Sight): Refused | null {
  if (id === null || !gone.includes(id)) return noReplica(id, run, topology);
  const old = oldNode(run, topology)?.id;
  const alone = topology.nodes.find((node) => node.id !== old && isPromoted(node) && mayWrite(node));
  if (alone === undefined) return null;
  const why = `${id} is gone, and ${alone.id} stands alone and may take writes`;
  const release = ` Where nobody needs ${alone.id}, delete it: ${giveBackCommand(run)} takes the fence off then.`;
  return { why, release, nextCommand: describeCommand(alone.id) };
}

function mayWrite(node: Node): boolean {
  return !isGone(node) && node.look?.writable !== false;
}

function noReplica(id: string | null, run: FailoverRun, topology: FailoverTopology): Refused | null {
  const node = nodeOf(topology, id);
  if (node === null || node.replicaOf === null) return later(run, `${id} is not shown as a replica any more`);
  return node.status === "available" ? null : later(run, `RDS says ${node.status ?? "nothing"} of ${id}`);
}

/** `copy`: whom people do not stay with counts as the primary by the record of its promotion alone. */
function otherPrimary(run: FailoverRun, { topology }: Sight, copy: string | null = null): Refused | null {
  const { primary } = topology;
  const old = primary === run.oldPrimary || (primary !== null && oldNode(run, topology)?.id === primary);
  if (old || (primary !== null && primary === copy)) return null;
  const why = `${primary ?? "nobody"} is the primary by now`;
  if (primary === null) return later(run, why);
  const release = ` ${giveBackCommand(run)} takes the fence off once it is none.`;
  return { why, release, nextCommand: describeCommand(primary) };
}
