import type { FailoverRun } from "../contract/failover.ts";
import { type FailoverTopology, type Node, nodeOf } from "../contract/failover-topology.ts";
import { AwsError } from "../errors.ts";
import { candidateNode } from "./candidate-node.ts";
import { hasItsName, oldNode } from "./old-node.ts";
import type { ControlPlane, Scope } from "./ports.ts";
import { mayHaveHappened } from "./turn.ts";

export function isUnknownName(error: unknown): boolean {
  return error instanceof AwsError && /NotFound/.test(error.code);
}

/**
 * The group by the name that was typed; where RDS knows that no more, because people deleted or renamed the old primary,
 * by whom this run may have promoted, and by what the old primary is called now. Throws what RDS said of the first name
 * where none of them leads on.
 */
export async function describeByAnyName(
  run: FailoverRun,
  controlPlane: ControlPlane,
  scope: Scope,
  signal: AbortSignal | undefined,
): Promise<FailoverTopology> {
  const { candidate, oldPrimary, oldResource, input } = run;
  try {
    return await controlPlane.describe(input.database, signal, scope);
  } catch (error) {
    if (!isUnknownName(error)) throw error;
    const byCandidate =
      candidate !== null && mayHaveHappened(run, "execute")
        ? await unlessUnknown(controlPlane.describe(candidate, signal, scope))
        : null;
    if (byCandidate !== null) return byCandidate;
    const named = oldPrimary !== null && oldResource !== null;
    const now = named ? await controlPlane.nameOf(oldPrimary, oldResource, signal) : null;
    if (now === null || now === input.database) throw error;
    return controlPlane.describe(now, signal, scope);
  }
}

export async function unlessUnknown<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    if (isUnknownName(error)) return null;
    throw error;
  }
}

/**
 * Whom a call was for and who is not in the group as described: people renamed it, and by itself it is no relative of
 * anybody once it is promoted. "gone": RDS has it under no name, so nobody can be promoted by that call any more. Null:
 * not known, or nothing to look for.
 */
export async function strayCandidate(
  run: FailoverRun,
  topology: FailoverTopology,
  controlPlane: ControlPlane,
  signal: AbortSignal | undefined,
): Promise<Node | "gone" | null> {
  const { candidate, candidateResource } = run;
  if (candidate === null || candidateResource === null || !mayHaveHappened(run, "execute")) return null;
  if (candidateNode(run, topology) !== null) return null;
  const name = await controlPlane.nameOf(candidate, candidateResource, signal);
  const other = await unlessUnknown(controlPlane.describe(name ?? candidate, signal, "roles"));
  const node = other === null ? null : candidateNode(run, other);
  if (node !== null) return node;
  return name === null ? "gone" : null;
}

/**
 * Behind a call: people deleted the old primary, which takes no writes any more, and nobody else has its name unseen. Who is
 * only not in the group as described may be renamed, and is not gone. Throws what RDS said where it did not answer.
 */
export async function isOldGone(
  run: FailoverRun,
  topology: FailoverTopology,
  controlPlane: ControlPlane,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const { oldPrimary, oldResource } = run;
  if (oldPrimary === null || oldResource === null || !mayHaveHappened(run, "execute")) return false;
  if (oldNode(run, topology) !== null) return false;
  if ((await controlPlane.nameOf(oldPrimary, oldResource, signal)) !== null) return false;
  // Restored under its name it may have its clients: only as a replica of the new one it takes none of their writes.
  if (hasItsName(run, topology)) return nodeOf(topology, oldPrimary)?.replicaOf !== null;
  return (await unlessUnknown(controlPlane.describe(oldPrimary, signal, "roles"))) === null;
}
