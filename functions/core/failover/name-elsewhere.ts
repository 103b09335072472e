import type { FailoverRun } from "../contract/failover.ts";
import { nodeOf } from "../contract/failover-topology.ts";
import { nameText } from "./commands.ts";
import { needsFence } from "./methods.ts";
import type { Sight } from "./turn.ts";
import type { Standing } from "./vetoes/veto.ts";

/**
 * Whom a name leads to, where that is a writer of its own that is neither left nor promoted here: a copy of before that
 * people stayed with, or one that they promoted by hand. Null: it is not, or it does not take writes.
 */
export function servesElsewhere(
  { oldPrimary, candidate }: FailoverRun,
  { topology }: Sight,
  pointsTo: string | null,
): string | null {
  const node = nodeOf(topology, pointsTo);
  if (node === null || node.id === oldPrimary || node.id === candidate) return null;
  const writes = node.replicaOf === null && node.look?.reachable === true && node.look.writable === true;
  return writes ? node.id : null;
}

/** Before the call: whoever is fenced and promoted by it is not where the clients are. */
export function nameElsewhere(run: FailoverRun, seen: Sight): readonly Standing[] {
  if (!needsFence(run.method)) return [];
  return seen.names.flatMap(({ ref, reading }) => {
    const serves = servesElsewhere(run, seen, reading?.pointsTo ?? null);
    if (serves === null) return [];
    const says = `${nameText(ref)} leads to ${serves}, which takes writes, and ${run.oldPrimary} is what would be left`;
    const release = `Say which of the two goes on: point the name to ${run.oldPrimary}, or keep ${serves}.`;
    return [{ name: "name-elsewhere", says, release, overridable: false }];
  });
}
