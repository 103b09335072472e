import type { FailoverRun } from "../contract/failover.ts";
import type { Duty } from "../contract/failover-duty.ts";
import { type FailoverTopology, type Node, nodeOf } from "../contract/failover-topology.ts";
import { ResponderError } from "../errors.ts";
import { unlessUnknown } from "./known-names.ts";
import type { ControlPlane, FailoverPorts } from "./ports.ts";
import type { WatchedGroup } from "./watch-duty.ts";

export interface OldSeen {
  /** By the name that the old primary has now. */
  readonly duty: Duty;
  /** With the old primary and how it was found, where RDS has it still. */
  readonly group: WatchedGroup;
  readonly quarantineGroup: string | null;
}

const lookMs = 20_000;

/**
 * The old primary of a run that has ended, and who is the primary by now. Throws where RDS does not say, or the way to
 * look at it is broken: then nothing of it is known. One that does not answer by itself was seen.
 */
export async function lookAtOld(
  run: FailoverRun,
  duty: Duty,
  { controlPlane, door }: Pick<FailoverPorts, "controlPlane" | "door">,
): Promise<OldSeen> {
  const signal = AbortSignal.timeout(lookMs);
  const topology = await described(run, controlPlane, signal);
  const found = await foundIn(topology, duty, controlPlane, signal);
  const whole = topology ?? found?.topology ?? null;
  const { primary = null, nodes = [], quarantineGroup = null } = whole ?? {};
  if (found === null) return { duty, group: { primary, nodes }, quarantineGroup };
  const look = await door.look(found.node, found.topology, signal);
  const old = { ...found.node, look };
  const others = nodes.filter(({ id }) => id !== old.id);
  return { duty: { ...duty, node: old.id }, group: { primary, nodes: [...others, old] }, quarantineGroup };
}

/** People are told to delete the old primary, by whose name the group was called. Null: RDS knows neither name. */
async function described(
  { input: { database }, candidate }: FailoverRun,
  controlPlane: ControlPlane,
  signal: AbortSignal,
): Promise<FailoverTopology | null> {
  const names = [...new Set([database, candidate ?? database])];
  for (const name of names) {
    const topology = await unlessUnknown(controlPlane.describe(name, signal));
    if (topology !== null) return topology;
  }
  return null;
}

interface Found {
  readonly node: Node;
  readonly topology: FailoverTopology;
}

/** Renamed, it takes writes as before: its resource tells who it is. */
async function foundIn(
  topology: FailoverTopology | null,
  { node: id, resourceId }: Duty,
  controlPlane: ControlPlane,
  signal: AbortSignal,
): Promise<Found | null> {
  const named = topology === null ? null : nodeOf(topology, id);
  const is = named !== null && (resourceId === undefined || (named.resourceId ?? resourceId) === resourceId);
  if (topology !== null && is) return { node: named, topology };
  const name = resourceId === undefined ? null : await controlPlane.nameOf(id, resourceId, signal);
  if (name === null) return null;
  const other = await controlPlane.describe(name, signal);
  const node = nodeOf(other, name);
  if (node === null) throw new ResponderError(`RDS shows no ${name} in its own group`);
  return { node, topology: other };
}
