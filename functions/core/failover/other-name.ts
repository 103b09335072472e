import * as z from "zod";
import type { FailoverRun, Phase } from "../contract/failover.ts";
import { type FailoverTopology, nodeOf } from "../contract/failover-topology.ts";
import { ResponderError } from "../errors.ts";
import type { RunStore } from "./ports.ts";
import { mayHaveHappened } from "./turn.ts";

/** A run has what is judged of the runs before it in these. */
const matters: readonly Phase[] = ["load", "lock", "compensate"];
/** A redrive behind a call begins in these, and comes by none of those. */
const behindCall: readonly Phase[] = ["check", "approve", "fence"];

export interface ByAnyName {
  readonly topology: FailoverTopology;
  readonly others: readonly FailoverRun[];
}

/**
 * The group with what runs did that left this very primary, also when it was called otherwise: on RDS a rename of its head
 * changes group, lock and record, and who asks by one name sees neither lock nor call of the other. Throws what the store
 * throws: who did what is then not known. A record that is none, of a later version or by hand, is left out, since it would
 * stop every failover of every group for as long as it stands: of that the sweeper speaks, and its own lock holds.
 */
export async function byAnyName(
  run: FailoverRun,
  topology: FailoverTopology,
  runs: Pick<RunStore, "get" | "open">,
): Promise<ByAnyName> {
  const resource = nodeOf(topology, topology.primary)?.resourceId ?? null;
  if (resource === null || !isAsked(run)) return { topology, others: [] };
  const group = groupOf(run, topology);
  const read = (id: string) => runs.get(id).catch(nullIfNone);
  const found = await Promise.all((await runs.open()).map(read));
  const isOther = (one: FailoverRun) => one.id !== run.id && one.oldResource === resource;
  const others = found.filter((one) => one !== null).filter(isOther);
  return { topology: withCallsOf({ ...topology, group }, others), others };
}

function isAsked(run: FailoverRun): boolean {
  const { phase } = run;
  return matters.includes(phase) || (behindCall.includes(phase) && mayHaveHappened(run, "execute"));
}

function nullIfNone(error: unknown): null {
  const why = error instanceof ResponderError ? error.cause : error;
  if (why instanceof z.ZodError) return null;
  throw error;
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
