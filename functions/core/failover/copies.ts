import type { FailoverRun } from "../contract/failover.ts";
import { type FailoverTopology, nodeOf } from "../contract/failover-topology.ts";
import { list } from "../text/wording.ts";
import { unfenceStatements } from "./fence-statements.ts";

/**
 * The fence lies in tables, and came to the replicas with the stream: whoever was promoted by hand out of the fenced one
 * has it still when the old primary is opened again, and RDS shows it here no more. Empty: all are replicas as before.
 * `opened`: whom this run opens itself.
 */
export function saysCopies(
  run: FailoverRun,
  topology: FailoverTopology,
  opened: string | null = null,
): string {
  const others = run.copies.filter((id) => id !== run.oldPrimary && id !== opened);
  const alone = others.filter((id) => isAlone(id, run, topology));
  if (alone.length === 0) return "";
  const statements = unfenceStatements(topology.engine).join("; ");
  const is = alone.length === 1 ? "is" : "are";
  return ` ${list(alone)} ${is} no replica of the group any more, as when ${run.oldPrimary} was fenced: whoever was promoted by hand since MAY BE FENCED FROM INSIDE by this run, and no failover opens it. What does, there: ${statements}.`;
}

/** A replica that was renamed is one under another name, which the group had not when it was fenced. */
function isAlone(id: string, { copies }: FailoverRun, topology: FailoverTopology): boolean {
  const node = nodeOf(topology, id);
  if (node !== null) return node.replicaOf === null;
  const renamed = topology.nodes.filter((one) => one.replicaOf !== null && !copies.includes(one.id));
  const missing = copies.filter((one) => nodeOf(topology, one) === null);
  return missing.length > renamed.length;
}
