import { type LockGraph, type LockMember, subtree } from "./lock-graph.ts";

type Waits = (member: LockMember) => number | null;

const told: Waits = ({ waitsFor }) => waitsFor?.waitSeconds ?? null;

/** The age of the statement bounds a wait of which nothing tells since when it lasts. */
const bounded: Waits = (member) => told(member) ?? member.session?.statementSeconds ?? null;

/** The longest wait below a member that is known; null when none is. */
export function longestKnown(
  graph: LockGraph,
  member: LockMember,
  without?: ReadonlySet<string>,
): number | null {
  return longest(graph, member, told, without);
}

/** The same, where some may only be bounded: what is to be noticed must not hide behind what is not told. */
export function longestPossible(
  graph: LockGraph,
  member: LockMember,
  without?: ReadonlySet<string>,
): number | null {
  return longest(graph, member, bounded, without);
}

function longest(
  graph: LockGraph,
  { key }: LockMember,
  waitOf: Waits,
  without: ReadonlySet<string> = new Set(),
): number | null {
  const below = subtree(graph, key).filter((member) => !without.has(member.key));
  const waits = below.map(waitOf).filter((seconds) => seconds !== null);
  return waits.length === 0 ? null : Math.max(...waits);
}
