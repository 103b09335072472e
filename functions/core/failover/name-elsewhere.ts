import type { FailoverRun } from "../contract/failover.ts";
import { type Node, nodeOf } from "../contract/failover-topology.ts";
import { nameText } from "./commands.ts";
import { needsFence } from "./methods.ts";
import { oldNode } from "./old-node.ts";
import { isGone } from "./primary-state.ts";
import { lookAgainMs, over, type Seen, type Sight, type Turn, wait } from "./turn.ts";
import type { Standing } from "./vetoes/veto.ts";
import { walled, wallOf } from "./wall.ts";

/**
 * Whom a name leads to, where that is a writer of its own that is neither left nor promoted here: a copy of before that
 * people stayed with, or one that they promoted by hand. Null: it is not, or it does not take writes.
 */
export function servesElsewhere(
  run: FailoverRun,
  { topology }: Sight,
  pointsTo: string | null,
): string | null {
  const node = nodeOf(topology, pointsTo);
  return node !== null && isThird(run, node) ? node.id : null;
}

type Two = Pick<FailoverRun, "oldPrimary" | "oldResource" | "candidate">;

function isThird(two: Two, node: Node): boolean {
  return isNeither(two, node) && node.look?.reachable === true && node.look.writable === true;
}

/** Who was restored under the name of the old primary is another one, and has its address. */
function isNeither(two: Two, { id, resourceId = null, replicaOf }: Node): boolean {
  const { oldPrimary, oldResource, candidate } = two;
  const namesake = oldResource !== null && resourceId !== null && resourceId !== oldResource;
  return replicaOf === null && id !== candidate && (id !== oldPrimary || namesake);
}

/** Clients are led to one that is neither and may be down: then the outage is its own. Null: it is seen to be shut, or gone. */
function mayBeServed(run: FailoverRun, { topology }: Sight, pointsTo: string | null): string | null {
  const node = nodeOf(topology, pointsTo);
  if (node === null || !isNeither(run, node) || isGone(node) || node.look?.writable === false) return null;
  return wallOf(topology, node) !== null && walled(topology, node) ? null : node.id;
}

/** A third one takes writes, and where the name leads could not be read: it may be to that one. */
export function mayServeElsewhere(run: FailoverRun, { topology, names }: Sight, at: number): string | null {
  if (names[at] === undefined || names[at].reading !== null) return null;
  return topology.nodes.find((node) => isThird(run, node))?.id ?? null;
}

/**
 * A phase that goes by where the names lead, and came in a look that asked none of them, waits for one of its own: whoever
 * drives it in place leaves several phases in one look. Before the first is moved an old primary that could not be asked is
 * asked again for a while. Null: it was, or there are none.
 */
export function namesUnasked(run: FailoverRun, seen: Sight): Turn | null {
  const { names, now } = seen;
  if (!needsFence(run.method) || run.names.length === 0) return null;
  if (names.length === 0) return { wait: "where the names lead is looked at", until: now, run };
  const moving = run.phase === "repoint" && run.sent["point:0"] === undefined;
  if (!moving || over(run, seen, lookAgainMs)) return null;
  const old = oldNode(run, seen.topology);
  return old !== null && old.look === null && !isGone(old)
    ? wait(run, seen, `${old.id} could not be asked whether it takes writes, and is asked again`)
    : null;
}

/**
 * Names that lead to none of the group: RDS knows nothing of it any more whom people promoted by hand. One that was asked
 * and not read may be such a one.
 */
export function strangersOf({ names }: Pick<Sight, "names">): readonly string[] {
  return names.flatMap(({ ref, reading }) => {
    if (reading === null)
      return [`where ${nameText(ref)} leads could not be seen: clients may be elsewhere by it`];
    if (reading.stranger === undefined) return [];
    return [
      `${nameText(ref)} leads to ${reading.stranger}, which is none of this group: clients may be on it`,
    ];
  });
}

/** When where all the names lead was last read, and none of them to a stranger; null: to one by now, or never. */
export function ledAfter({ ledAt }: FailoverRun, { names, now }: Seen): number | null {
  if (names.length === 0 || names.some(({ reading }) => reading === null)) return ledAt;
  return names.some(({ reading }) => reading?.stranger !== undefined) ? null : now;
}

/** Before the call: whoever is fenced and promoted by it is not where the clients are. */
export function nameElsewhere(run: FailoverRun, seen: Sight): readonly Standing[] {
  if (!needsFence(run.method)) return [];
  return seen.names.flatMap(({ ref, reading }, at) => {
    const may = mayServeElsewhere(run, seen, at);
    if (may !== null) return [unread(nameText(ref), may)];
    const to = reading?.pointsTo ?? null;
    const serves = servesElsewhere(run, seen, to) ?? mayBeServed(run, seen, to);
    if (serves === null) return [];
    const takes = servesElsewhere(run, seen, to) === null ? "may take" : "takes";
    const says = `${nameText(ref)} leads to ${serves}, which ${takes} writes, and ${run.oldPrimary} is what would be left`;
    const release = `Say which of the two goes on: point the name to ${run.oldPrimary}, or keep ${serves}.`;
    return [{ name: "name-elsewhere", says, release, overridable: false }];
  });
}

function unread(name: string, third: string): Standing {
  const says = `where ${name} leads could not be seen, and ${third} takes writes, which would not be left`;
  const release = `Start it again when it can be read, or keep clients off ${third}.`;
  return { name: "name-elsewhere", says, release, overridable: false };
}
