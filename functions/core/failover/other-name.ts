import type { FailoverRun, Phase } from "../contract/failover.ts";
import { type FailoverTopology, nodeOf } from "../contract/failover-topology.ts";
import { UnreadableError } from "../errors.ts";
import { agreementMs, counts } from "./agreement-time.ts";
import type { RunStore } from "./ports.ts";
import { mayHaveHappened, noted, type Seen } from "./turn.ts";

/** A run has what is judged of the runs before it in these. */
const matters: readonly Phase[] = ["load", "lock", "compensate"];
/** A redrive behind a call begins in these, and comes by none of those. */
const behindCall: readonly Phase[] = ["check", "approve", "fence"];

export interface ByAnyName {
  readonly topology: FailoverTopology;
  readonly others: readonly FailoverRun[];
  /** Runs that go on, cannot be read, and left nobody knows whom. */
  readonly unread: readonly string[];
}

/**
 * The group with what runs did that left this very primary, also when it was called otherwise: on RDS a rename of its head
 * changes group, lock and record, and who asks by one name sees neither lock nor call of the other. Throws what the store
 * throws, and where a run that left this very primary goes on and cannot be read: who did what is then not known. One that
 * nobody has written for so long that whoever goes on with it has to be agreed with anew, one that has ended, and one of
 * which it cannot even be read whom it left, is noted and left out: lock and record of its own group hold as before.
 */
export async function byAnyName(
  run: FailoverRun,
  topology: FailoverTopology,
  runs: Pick<RunStore, "standing">,
  now: number,
): Promise<ByAnyName> {
  const resource = nodeOf(topology, topology.primary)?.resourceId ?? null;
  if (resource === null || !isAsked(run)) return { topology, others: [], unread: [] };
  const group = groupOf(run, topology);
  const open = (await runs.standing()).filter(({ id }) => id !== run.id);
  const unreadable = open.flatMap(({ id, unreadable: why }) => (why === undefined ? [] : [{ id, ...why }]));
  const same = unreadable.filter(({ oldResource }) => oldResource === resource);
  // Of one that has ended what it called stands in the group's record; one that goes on would be met by no lock here.
  const going = same.find(({ ended, wroteAt }) => !ended && counts(wroteAt, now));
  if (going !== undefined) throw new UnreadableError(leftIt(going));
  const unread = unreadable
    .filter((one) => one.oldResource === null || same.includes(one))
    .map(({ id }) => id);
  const others = open.flatMap((one) => one.run ?? []).filter((one) => one.oldResource === resource);
  return { topology: withCallsOf({ ...topology, group }, others), others, unread };
}

function leftIt({ id, says, wroteAt }: { id: string; says: string; wroteAt: number }): string {
  const [at, until] = [wroteAt, wroteAt + agreementMs].map((time) => new Date(time).toISOString());
  return `failover ${id} left it, too, was last written at ${at}, and holds it until ${until} unless its own version ends it: ${says}`;
}

/** What was left out may have to do with it after all. */
export function withUnread(run: FailoverRun, { unread = [] }: Pick<Seen, "unread">): FailoverRun {
  if (unread.length === 0) return run;
  const which = unread.slice(0, 5).join(", ");
  return noted(run, `Not to be read, and left out: ${which}. What was done there is not known here.`);
}

function isAsked(run: FailoverRun): boolean {
  const { phase } = run;
  return matters.includes(phase) || (behindCall.includes(phase) && mayHaveHappened(run, "execute"));
}

/** With the newest call and the last run of all of them, as a record of one name would have it. */
function withCallsOf(topology: FailoverTopology, others: readonly FailoverRun[]): FailoverTopology {
  const calls = others
    .flatMap((one) =>
      mayHaveHappened(one, "execute") ? [{ at: one.sent["execute"]?.at ?? 0, by: one.id }] : [],
    )
    .toSorted((a, b) => b.at - a.at);
  const [call] = calls;
  const last = topology.lastRun ?? others.toSorted((a, b) => b.phaseSince - a.phaseSince)[0]?.id;
  const known = topology.lastCall === undefined ? 0 : Date.parse(topology.lastCall.at);
  return {
    ...topology,
    ...(last === undefined ? {} : { lastRun: last }),
    ...(call === undefined || call.at <= known
      ? {}
      : { lastCall: { at: new Date(call.at).toISOString(), by: call.by } }),
  };
}

/** By whose name the lock of this run is: that of before, where people renamed the head of its group since. */
function groupOf({ group, oldResource }: FailoverRun, topology: FailoverTopology): string {
  const known = oldResource !== null && topology.nodes.some(({ resourceId }) => resourceId === oldResource);
  return group !== null && known ? group : topology.group;
}

/** One that goes on: two at once would undo each other. A dry run does nothing. */
export function goesOnElsewhere(
  { id, group }: FailoverRun,
  others: readonly FailoverRun[] = [],
): FailoverRun | null {
  const goesOn = ({ phase, input }: FailoverRun) => phase !== "ended" && !input.dryRun;
  return others.find((one) => one.id !== id && goesOn(one) && one.group !== group) ?? null;
}
