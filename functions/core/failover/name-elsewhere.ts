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

/** Who takes writes beside the two: a name that could not be read may lead there. Null: nobody is seen to. */
export function thirdWriter(run: FailoverRun, seen: Sight): string | null {
  const ids = seen.topology.nodes.map(({ id }) => servesElsewhere(run, seen, id));
  return ids.find((id) => id !== null) ?? null;
}

/** Before the call: whoever is fenced and promoted by it is not where the clients are. */
export function nameElsewhere(run: FailoverRun, seen: Sight): readonly Standing[] {
  if (!needsFence(run.method)) return [];
  return seen.names.flatMap(({ ref, reading }) => {
    const unread = reading === null ? thirdWriter(run, seen) : null;
    if (unread !== null) return [notRead(nameText(ref), unread)];
    const serves = servesElsewhere(run, seen, reading?.pointsTo ?? null);
    if (serves === null) return [];
    const says = `${nameText(ref)} leads to ${serves}, which takes writes, and ${run.oldPrimary} is what would be left`;
    const release = `Say which of the two goes on: point the name to ${run.oldPrimary}, or keep ${serves}.`;
    return [{ name: "name-elsewhere", says, release, overridable: false }];
  });
}

function notRead(name: string, third: string): Standing {
  const says = `where ${name} leads could not be seen, and ${third} takes writes`;
  return {
    name: "name-elsewhere",
    says,
    release: `Let it be read, or keep clients off ${third}.`,
    overridable: false,
  };
}
