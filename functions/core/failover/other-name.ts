import type { FailoverRun, Phase } from "../contract/failover.ts";
import { type FailoverTopology, nodeOf } from "../contract/failover-topology.ts";
import type { RunStore } from "./ports.ts";
import { mayHaveHappened } from "./turn.ts";

/** A run has what is judged of the runs before it in these. */
const matters: readonly Phase[] = ["load", "lock", "compensate"];

export interface ByAnyName {
  readonly topology: FailoverTopology;
  readonly others: readonly FailoverRun[];
}

/**
 * The group with what runs did that left this very primary, also when it was called otherwise: on RDS a rename of its head
 * changes group, lock and record, and who asks by one name sees neither lock nor call of the other. Throws what the store
 * throws: who did what is then not known.
 */
export async function byAnyName(
  run: FailoverRun,
  topology: FailoverTopology,
  runs: Pick<RunStore, "get" | "open">,
): Promise<ByAnyName> {
  const resource = nodeOf(topology, topology.primary)?.resourceId ?? null;
  if (resource === null || !matters.includes(run.phase)) return { topology, others: [] };
  const group = groupOf(run, topology);
  const found = await Promise.all((await runs.open()).map((id) => runs.get(id)));
  const isOther = (one: FailoverRun) => one.id !== run.id && one.oldResource === resource;
  const others = found.filter((one) => one !== null).filter(isOther);
  return { topology: withCallsOf({ ...topology, group }, others), others };
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

/** One that goes on: two at once would undo each other. */
export function goesOnElsewhere(
  { id, group }: FailoverRun,
  others: readonly FailoverRun[] = [],
): FailoverRun | null {
  return others.find((one) => one.id !== id && one.phase !== "ended" && one.group !== group) ?? null;
}
