import type { FailoverRun } from "../contract/failover.ts";
import { type FailoverTopology, type NameRef, type Node, nodeOf } from "../contract/failover-topology.ts";
import { nameText } from "./commands.ts";
import { isGone } from "./primary-state.ts";
import type { Sight } from "./turn.ts";
import { walled, wallOf } from "./wall.ts";

/** Where a name leads, by who has clients by it. */
export type Lead =
  /** To one of the group that this failover leaves, promotes or has as a replica; to nobody; or to one that is shut. */
  | { readonly is: "ours" }
  /** What stands there could not be read. */
  | { readonly is: "unread" }
  /** The name of the old primary stands there, and RDS did not say whether it is still there. */
  | { readonly is: "unsure"; readonly who: string }
  /** To a writer of its own that is neither left nor promoted here; `takes`: it was seen to take writes, or may. */
  | { readonly is: "served"; readonly who: string; readonly takes: "takes" | "may take" }
  /** RDS shows nothing of it here; `was`: the name that the old primary had, which nobody of the group has. */
  | { readonly is: "stranger"; readonly who: string; readonly was: boolean };

type Two = Pick<FailoverRun, "oldPrimary" | "oldResource" | "candidate">;

/** Of the name at that place; absent from the look: ours. */
export function leadOf(run: Two, { topology, names, oldGone }: Sight, at: number): Lead {
  const of = names[at];
  if (of === undefined) return { is: "ours" };
  const { reading } = of;
  if (reading === null) return { is: "unread" };
  const { pointsTo, stranger, formerly } = reading;
  if (stranger === undefined) return servedBy(run, topology, nodeOf(topology, pointsTo));
  const { oldPrimary } = run;
  const was = oldPrimary !== null && formerly === oldPrimary && nodeOf(topology, oldPrimary) === null;
  // The address of a deleted one: nobody has its name, and no client is there.
  if (was && oldGone === true) return { is: "ours" };
  return was && oldGone === null ? { is: "unsure", who: stranger } : { is: "stranger", who: stranger, was };
}

/** A copy of before that people stayed with, one that they promoted by hand, or one that they restored under its name. */
function servedBy(run: Two, topology: FailoverTopology, node: Node | null): Lead {
  if (node === null || !isNeither(run, node)) return { is: "ours" };
  if (takesWrites(node)) return { is: "served", who: node.id, takes: "takes" };
  const shut = wallOf(topology, node) !== null && walled(topology, node);
  return shut || isGone(node) || node.look?.writable === false
    ? { is: "ours" }
    : { is: "served", who: node.id, takes: "may take" };
}

/** Who was restored under the name of the old primary is another one, and has its address. */
function isNeither({ oldPrimary, oldResource, candidate }: Two, node: Node): boolean {
  const { id, resourceId = null, replicaOf } = node;
  // People may have renamed the old one, and given its name to another.
  const known = oldResource !== null && resourceId !== null;
  const isOld = known ? resourceId === oldResource : id === oldPrimary;
  return replicaOf === null && id !== candidate && !isOld;
}

function takesWrites({ look }: Node): boolean {
  return look?.reachable === true && look.writable === true;
}

/** One that is neither and takes writes: a name that could not be read may lead to it. Null: none is seen. */
export function thirdWriter(run: Two, { topology }: Sight): string | null {
  return topology.nodes.find((node) => isNeither(run, node) && takesWrites(node))?.id ?? null;
}

/** Whoever has clients by a name and is none of ours, or may be; null: it leads to ours. */
export function leadText(ref: NameRef, lead: Lead): string | null {
  const name = nameText(ref);
  switch (lead.is) {
    case "ours":
      return null;
    case "unread":
      return `where ${name} leads could not be seen: clients may be elsewhere by it`;
    case "served":
      return `${name} leads to ${lead.who}, which ${lead.takes} writes and which this failover does not leave`;
    case "unsure":
    case "stranger":
      return `${name} leads to ${lead.who}, which is none of this group: clients may be on it`;
    default:
      return lead satisfies never;
  }
}

/** Names whose clients may be with one of whom RDS shows nothing here, or that could not be read. */
export function leadTexts(run: Two, seen: Sight, which: "stranger" | "unread"): readonly string[] {
  return seen.names.flatMap(({ ref }, at) => {
    const lead = leadOf(run, seen, at);
    const is = lead.is === "unsure" ? "stranger" : lead.is;
    return is === which ? (leadText(ref, lead) ?? []) : [];
  });
}

/**
 * When where the names lead was last read, all of it, and everything led to ours; null: something led elsewhere since, or
 * nothing was read. A name that is not to be read hides no other that leads elsewhere.
 */
export function ledAfter(run: FailoverRun, seen: Sight): number | null {
  const leads = seen.names.map((_, at) => leadOf(run, seen, at).is);
  if (leads.some((is) => is !== "ours" && is !== "unread")) return null;
  return leads.length === 0 || leads.includes("unread") ? run.ledAt : seen.now;
}
