import type { Ending, FailoverRun } from "../contract/failover.ts";
import { type FailoverTopology, type Node, nodeOf } from "../contract/failover-topology.ts";
import { agreementMs } from "./agreement-time.ts";
import { renamedSince } from "./candidate-node.ts";
import { describeCommand, giveBackCommand, redriveCommand, showCommand, unwallCommand } from "./commands.ts";
import { needsFence } from "./methods.ts";
import { fenceStands, mayHaveHappened, type Sight } from "./turn.ts";
import { walled } from "./wall.ts";

/** Runs of this group before this one that bear on it: who changed it last, who moved its writer, who has its lock. */
export function earlierIds(
  { id }: Pick<FailoverRun, "id">,
  { lastRun, lastCall }: FailoverTopology,
  holder: string | null,
): readonly string[] {
  const ids = [lastRun, lastCall?.by, holder].filter((one) => one !== undefined && one !== null);
  return [...new Set(ids)].filter((one) => one !== id);
}

/** What an earlier run left and this one stands on; said with this one's end, whatever that is. */
export function withEarlier(run: FailoverRun, seen: Sight): FailoverRun {
  const earlier = unfinished(run, seen) ?? standsFenced(run, seen) ?? unreadCaller(seen);
  return { ...run, earlier };
}

/** Whether people stay with whom it left stands in it alone, and so does who is the primary then. */
function unreadCaller({ topology, unread = [] }: Sight): FailoverRun["earlier"] {
  const by = topology.lastCall?.by ?? null;
  if (by === null || !unread.includes(by)) return null;
  const says = `Failover ${by}, whose call was the last, cannot be read by this version. Where people stayed with the old primary then, ${topology.primary} may be a copy that nobody needs, and is not the one to leave.`;
  return { says, nextCommand: null };
}

/** Whose call was the last, with its candidate as people call that by now. */
function lastCaller({ id }: FailoverRun, { topology, earlier = [] }: Sight): FailoverRun | undefined {
  const by = earlier.find((one) => one.id !== id && one.id === topology.lastCall?.by);
  return by && renamedSince(by, topology);
}

/** It moved the writer and ended before everything was moved: to begin anew would move it once more. */
function unfinished(run: FailoverRun, seen: Sight): FailoverRun["earlier"] {
  const { topology, now } = seen;
  const by = lastCaller(run, seen);
  const { ending } = by ?? {};
  if (by?.phase !== "ended" || ending?.status !== "failed" || !mayHaveHappened(by, "execute")) return null;
  const moved = hasMoved(by, topology);
  const young = now - (by.sent["execute"]?.at ?? 0) < agreementMs;
  // People stay with the old primary: what goes on with it would move them off.
  if (by.staysAt !== null) return null;
  // A call of long ago that moved nothing: what goes on with it would begin it anew.
  if (!moved && !young) return null;
  const command = redriveCommand(by);
  const to = by.candidate ?? "another writer";
  const made = `made ${to} the writer${moved ? "" : ", or may have"}`;
  return {
    says: `Failover ${by.id} ${made}, and ended in ${ending.phase}: names may still lead to ${by.oldPrimary}. ${command} goes on there.`,
    // Where the outage goes on, what lifts a veto of this run may be the shorter way.
    nextCommand: moved ? command : null,
  };
}

/**
 * By the record the copy that people did not stay with is the primary while it is there, by whatever name: it would be
 * fenced and left, and the one that they serve from not. Null: it is not so. Where nobody has said who stays, the names
 * tell: `name-elsewhere`.
 */
export function copyIsPrimary(run: FailoverRun, seen: Sight): Omit<Ending, "phase"> | null {
  const by = lastCaller(run, seen);
  if (by === undefined || by.staysAt === null || by.candidate === null) return null;
  const { candidate, oldPrimary, id } = by;
  if (seen.topology.primary !== candidate) return null;
  const since = new Date(by.staysAt).toISOString();
  const says = `People stay with ${oldPrimary} since ${since} (--gone ${id}), and ${candidate}, the copy that was promoted, counts as the primary while it is there: it would be left, and not ${oldPrimary}. Nothing was done, and nothing overrides that. Where nobody needs ${candidate}, delete it; then ${oldPrimary} is the primary.`;
  return { status: "held", says, nextCommand: describeCommand(candidate) };
}

function hasMoved({ method, candidate, oldPrimary }: FailoverRun, topology: FailoverTopology): boolean {
  const node = nodeOf(topology, candidate);
  return needsFence(method) ? node !== null && node.replicaOf === null : topology.primary !== oldPrimary;
}

/** The primary is fenced, and not by this run. */
function standsFenced(run: FailoverRun, { topology, earlier = [] }: Sight): FailoverRun["earlier"] {
  const node = nodeOf(topology, topology.primary);
  const own = ["wall", "fence", "refence"].some((key) => mayHaveHappened(run, key));
  if (node === null || own) return null;
  const how = fenceOf(node, topology);
  if (how === null) return null;
  const last = earlier.find((one) => one.id === topology.lastRun);
  // That one stood on it as well.
  if (how.wall && last?.earlier && !mayHaveHappened(last, "wall")) return last.earlier;
  const groups = last?.oldPrimary === node.id ? last.groupsBefore : null;
  const back = [...backBy(last), ...(how.wall && groups !== null ? [unwallCommand(node.id, groups)] : [])];
  const by = last === undefined ? "an earlier failover" : `failover ${last.id}${endOf(last)}`;
  const given =
    back.length === 0 ? "What gives it back is not known here." : `Given back by: ${back.join(", or ")}.`;
  const [backCommand] = back;
  const command = backCommand === undefined ? {} : { backCommand };
  return { says: `${node.id} is fenced (${how.says}) since ${by}. ${given}`, nextCommand: null, ...command };
}

/** Never its redrive, which goes on with the failover where the primary seems dead. */
function backBy(last: FailoverRun | undefined): readonly string[] {
  if (last === undefined) return [];
  return [last.phase === "ended" && fenceStands(last) ? giveBackCommand(last) : showCommand(last.id)];
}

function fenceOf(
  node: Node,
  topology: FailoverTopology,
): { readonly wall: boolean; readonly says: string } | null {
  const wall = topology.quarantineGroup !== null && walled(topology, node);
  const door = node.look?.traces === true || node.look?.fenced === true;
  if (!wall && !door) return null;
  return { wall, says: [...(wall ? ["security group"] : []), ...(door ? ["from inside"] : [])].join(", ") };
}

function endOf({ ending }: FailoverRun): string {
  return ending === null ? "" : `, which ended ${ending.status} in ${ending.phase}`;
}

/** To be said where it ends; whoever is held by what an earlier run left is told how that one goes on. */
export function saidEarlier(run: FailoverRun): FailoverRun {
  const { earlier, ending } = run;
  if (earlier === null || ending === null) return run;
  // What may be promoted by this run's own call is no reason to open the one beside it; that nobody was is seen by then.
  const called = mayHaveHappened(run, "execute") && run.givenBack === null;
  const left = called
    ? earlier.says.replace(/ Given back by: .*$/s, " It is not to be opened.")
    : earlier.says;
  if (ending.says.includes(left)) return run;
  const says = `${ending.says} ${left}`;
  const nextCommand =
    ending.status === "held" ? (earlier.nextCommand ?? ending.nextCommand) : ending.nextCommand;
  return { ...run, ending: { ...ending, says, nextCommand } };
}
