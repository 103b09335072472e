import type { FailoverRun, Phase } from "../contract/failover.ts";
import type { FailoverTopology, NodeLook } from "../contract/failover-topology.ts";
import { inPassing } from "./passing-look.ts";
import type { FailoverPorts, GroupNodes } from "./ports.ts";

/**
 * Where a session of the look before is good enough. Whether a database lets anybody in is judged before, by a sign-in of
 * its own each time; and behind the promotion the new writer has to let us in anew.
 */
const keeps: readonly Phase[] = ["fence", "catch-up", "execute", "wait"];

/** The group itself matters no more: what is left is to be said and given back. */
export const over: readonly Phase[] = ["announce", "release", "ended"];

/** What they decide is whose lock to take; everything is looked at under the lock. */
export function isFirst({ phase, input, sent, token }: FailoverRun): boolean {
  const unlocked = token === null && sent["lock"] === undefined;
  return !input.dryRun && (phase === "load" || (phase === "lock" && unlocked));
}

type Looks = ReadonlyMap<string, Promise<NodeLook | null>>;

/** One look at everything. */
export interface Asking {
  readonly run: FailoverRun;
  readonly ports: FailoverPorts;
  readonly signal: AbortSignal | undefined;
  readonly now: number;
  /** Who is asked in passing. */
  readonly passed: readonly string[];
}

/** Whom the look before met is asked while RDS is: a server that hangs takes longest of all. */
export function looksAt(asking: Asking): Looks {
  const { run } = asking;
  const ids = isFirst(run) || over.includes(run.phase) ? [] : run.known;
  const group = { nodes: ids.map((id) => ({ id })) };
  return new Map(ids.map((id) => [id, lookAt(id, group, asking)]));
}

function lookAt(id: string, group: GroupNodes, asking: Asking): Promise<NodeLook | null> {
  const { run, ports, now, signal } = asking;
  const look = (until: AbortSignal | undefined, withinMs?: number) =>
    orNull(ports.door.look({ id }, group, until, sessionOf(run), withinMs));
  return asking.passed.includes(id) ? inPassing(look, now, signal) : look(signal);
}

function sessionOf({ phase }: FailoverRun): "kept" | "new" {
  return keeps.includes(phase) ? "kept" : "new";
}

export async function looked(
  topology: FailoverTopology,
  looks: Looks,
  asking: Asking,
): Promise<FailoverTopology> {
  if (isFirst(asking.run)) return topology;
  const nodes = await Promise.all(
    topology.nodes.map(async (node) => ({
      ...node,
      look: await (looks.get(node.id) ?? lookAt(node.id, topology, asking)),
    })),
  );
  return { ...topology, nodes };
}

/** What it was that did not answer is said by the phase that misses it. */
export async function orNull<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch {
    return null;
  }
}
