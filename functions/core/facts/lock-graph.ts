import type {
  HeldLock,
  LockForest,
  LockNode,
  LockWait,
  PreparedTransaction,
  SecondLook,
} from "../contract/locks.ts";
import type { Session } from "../contract/session.ts";
import { compare } from "../text/compare.ts";
import { isUnnamed } from "../text/xa-name.ts";

/** A session or prepared transaction, with what every forest says of it put together. */
export interface LockMember {
  readonly key: string;
  readonly session: Session | null;
  readonly prepared: PreparedTransaction | null;
  readonly waitsFor: LockWait | null;
  readonly parent: string | null;
  readonly behindQueue: boolean;
  readonly blockerCount: number;
  /** How many hold what it waits for; null in evidence that does not count them. */
  readonly holderCount: number | null;
  readonly holds: readonly HeldLock[];
  /** Waiters that conflict with what it holds or queue behind it, whoever else keeps them waiting. */
  readonly blocksDirectly: number;
  /** Waiters directly below that were left out of the forest and only counted. */
  readonly hidden: number;
  readonly longestWaitSeconds: number | null;
}

/**
 * All forests of one database as one graph. MySQL has two (row locks and metadata locks), and who is a root in
 * one may wait in the other: only a member that waits nowhere is a root of the whole.
 */
export interface LockGraph {
  readonly members: ReadonlyMap<string, LockMember>;
  readonly children: ReadonlyMap<string, readonly LockMember[]>;
  /** Whoever keeps others waiting and waits for nothing, in the order of their keys. */
  readonly roots: readonly LockMember[];
  readonly waiters: number;
  /** Looks that were taken a moment later, at locks that one has at a time. */
  readonly secondLooks: readonly SecondLook[];
}

export function lockGraphOf(forests: readonly LockForest[]): LockGraph {
  const seen = new Map<string, { node: LockNode; hidden: number }[]>();
  for (const forest of forests) {
    const hidden = hiddenBelow(forest);
    for (const node of forest.nodes) {
      const known = seen.get(node.key) ?? [];
      seen.set(node.key, [...known, { node, hidden: hidden.get(node.key) ?? 0 }]);
    }
  }
  const all = [...seen.values()].map(mergeNodes).toSorted((a, b) => compare(a.key, b.key));
  const parents = new Set(all.map(({ parent }) => parent));
  const merged = all.filter((member) => parents.has(member.key) || !isServersOwn(member));
  const members = new Map(merged.map((member) => [member.key, member]));
  const children = Map.groupBy(
    merged.filter((member) => member.parent !== null && members.has(member.parent)),
    (member) => member.parent ?? "",
  );
  const roots = merged.filter(
    (member) =>
      member.parent === null && member.waitsFor === null && (children.has(member.key) || member.hidden > 0),
  );
  return {
    members,
    children,
    roots,
    waiters: forests.reduce((sum, forest) => sum + forest.waiters, 0) - (all.length - merged.length),
    secondLooks: forests.flatMap(({ secondLook }) => (secondLook === undefined ? [] : [secondLook])),
  };
}

/** A thread of the server that waits, without a connection (MySQL's id 0): no client is behind it. */
function isServersOwn({ session, waitsFor, blocksDirectly, hidden }: LockMember): boolean {
  return session?.id === 0 && session.kind === "system" && waitsFor !== null && blocksDirectly + hidden === 0;
}

/** Everybody who waits below a member, near ones first. A circle is walked once. */
export function subtree(graph: LockGraph, key: string): readonly LockMember[] {
  const found: LockMember[] = [];
  const seen = new Set([key]);
  const queue = [key];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    for (const child of graph.children.get(next) ?? []) {
      if (seen.has(child.key)) continue;
      seen.add(child.key);
      found.push(child);
      queue.push(child.key);
    }
  }
  return found;
}

/** Sessions below a member, those that were only counted included. */
export function countBelow(graph: LockGraph, key: string): number {
  const below = subtree(graph, key);
  const own = graph.members.get(key)?.hidden ?? 0;
  return below.reduce((sum, member) => sum + 1 + member.hidden, own);
}

/** From the member's parent up to its root; ends where a circle closes. */
export function ancestors(graph: LockGraph, member: LockMember): readonly LockMember[] {
  const found: LockMember[] = [];
  const seen = new Set([member.key]);
  let next = member.parent === null ? undefined : graph.members.get(member.parent);
  while (next !== undefined && !seen.has(next.key)) {
    seen.add(next.key);
    found.push(next);
    next = next.parent === null ? undefined : graph.members.get(next.parent);
  }
  return found;
}

/**
 * Omitted waiters by the nearest node above them that was kept: what a node counts below itself less what can be
 * seen there and less what its children already account for.
 */
function hiddenBelow(forest: LockForest): ReadonlyMap<string, number> {
  if (forest.omittedWaiters === 0) return new Map();
  const children = Map.groupBy(forest.nodes, (node) => node.parent);
  const order = forest.nodes.filter((node) => node.parent === null);
  for (const node of order) order.push(...(children.get(node.key) ?? []));
  const visible = new Map<string, number>();
  const accounted = new Map<string, number>();
  const own = new Map<string, number>();
  for (const node of order.toReversed()) {
    const below = visible.get(node.key) ?? 0;
    const hidden = Math.max(0, node.blocksTotal - below);
    own.set(node.key, Math.max(0, hidden - (accounted.get(node.key) ?? 0)));
    if (node.parent === null) continue;
    visible.set(node.parent, (visible.get(node.parent) ?? 0) + below + 1);
    accounted.set(node.parent, (accounted.get(node.parent) ?? 0) + hidden);
  }
  return own;
}

function mergeNodes(seen: readonly { node: LockNode; hidden: number }[]): LockMember {
  // The order of probes must not decide: the node that waits wins, then the longest wait, then the text.
  const ordered = seen
    .map((entry) => entry.node)
    .toSorted((a, b) => rankOfWait(b) - rankOfWait(a) || compare(JSON.stringify(a), JSON.stringify(b)));
  const [first, ...rest] = ordered;
  if (first === undefined) throw new RangeError("a member of the lock graph without a node");
  const waits = [first, ...rest].map((node) => node.longestWaitSeconds).filter((wait) => wait !== null);
  return {
    key: first.key,
    session: first.session ?? rest.find((node) => node.session !== null)?.session ?? null,
    prepared: bestNamed(ordered.flatMap(({ prepared }) => prepared ?? [])),
    waitsFor: first.waitsFor,
    parent: first.parent,
    behindQueue: first.behindQueue,
    blockerCount: first.blockerCount,
    holderCount: first.holderCount,
    blocksDirectly: ordered.reduce((sum, node) => sum + node.blocksDirectly, 0),
    holds: ordered
      .flatMap((node) => node.holds)
      .toSorted((a, b) => compare(`${a.object} ${a.mode}`, `${b.object} ${b.mode}`)),
    hidden: seen.reduce((sum, entry) => sum + entry.hidden, 0),
    longestWaitSeconds: waits.length === 0 ? null : Math.max(...waits),
  };
}

/** The forest of rows asks for the names of XA transactions, that of tables does not. */
function bestNamed(prepared: readonly PreparedTransaction[]): PreparedTransaction | null {
  const named = prepared.find(({ gid, candidates }) => candidates !== undefined || !isUnnamed({ gid }));
  return named ?? prepared[0] ?? null;
}

function rankOfWait(node: LockNode): number {
  if (node.waitsFor === null) return -1;
  return (node.parent === null ? 0 : 1e9) + (node.waitsFor.waitSeconds ?? 0);
}
