import type { Engine } from "../contract/target.ts";
import { type LockGraph, type LockMember, lockGraphOf } from "../facts/lock-graph.ts";
import type { View } from "../facts/view.ts";
import { compare } from "../text/compare.ts";
import { describeSession, duration, lockObject, plural, statementText } from "../text/wording.ts";

/** Who waits for whom, as it is drawn: a root blocker with everybody behind it. */
export interface TreeNode {
  readonly key: string;
  /** Whom to call: "app checkout, user shop, pid 8123". */
  readonly who: string;
  readonly role: "root" | "queue" | "waiter";
  /** "idle in transaction for 4 min". */
  readonly state: string;
  /** "waits 3 min for ROW EXCLUSIVE on table orders"; null for a root. */
  readonly waits: string | null;
  readonly statement: string | null;
  /** "blocks 46 sessions"; null for a leaf. */
  readonly blocks: string | null;
  readonly children: readonly TreeNode[];
  /** Waiters directly below that are not drawn. */
  readonly more: number;
}

const maxChildren = 12;
const maxDepth = 8;
const maxRoots = 20;
const fewestInCrowd = 4;
const idsNamed = 8;

export interface BlockingTree {
  readonly roots: readonly TreeNode[];
  readonly waiters: number;
  /** Root blockers that are not drawn. */
  readonly more: number;
}

/** Null when nobody waits, or when it could not be seen. The worst blockers first, whatever order they came in. */
export function blockingTreeOf(view: View): BlockingTree | null {
  if (view.forests === null) return null;
  const graph = lockGraphOf(view.forests);
  if (graph.waiters === 0 || graph.roots.length === 0) return null;
  const below = countsBelow(graph);
  const draw = drawer(graph, below, view.evidence.target.engine);
  const roots = graph.roots.toSorted(byWeight(below));
  return {
    roots: roots.slice(0, maxRoots).map((member) => draw(member, 0, new Set())),
    waiters: graph.waiters,
    more: Math.max(0, roots.length - maxRoots),
  };
}

/** Everybody below each member, from the leaves up: asking for each one by itself would be quadratic. */
function countsBelow(graph: LockGraph): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  const order = graph.roots.map(({ key }) => key);
  const seen = new Set(order);
  for (const key of order) {
    for (const child of graph.children.get(key) ?? []) {
      if (!seen.has(child.key)) order.push(child.key);
      seen.add(child.key);
    }
  }
  for (const key of order.toReversed()) {
    const hidden = graph.members.get(key)?.hidden ?? 0;
    const children = graph.children.get(key) ?? [];
    counts.set(
      key,
      children.reduce((sum, child) => sum + 1 + (counts.get(child.key) ?? 0), hidden),
    );
  }
  return counts;
}

function byWeight(below: ReadonlyMap<string, number>) {
  return (a: LockMember, b: LockMember): number =>
    (below.get(b.key) ?? 0) - (below.get(a.key) ?? 0) ||
    (b.waitsFor?.waitSeconds ?? 0) - (a.waitsFor?.waitSeconds ?? 0) ||
    compare(a.key, b.key);
}

function drawer(graph: LockGraph, below: ReadonlyMap<string, number>, engine: Engine) {
  const order = byWeight(below);
  const draw = (member: LockMember, depth: number, above: ReadonlySet<string>): TreeNode => {
    const path = new Set([...above, member.key]);
    const waiting = (graph.children.get(member.key) ?? [])
      .filter(({ key }) => !path.has(key))
      .toSorted(order);
    const bundles = depth >= maxDepth ? [] : bundled(waiting, below);
    const shown = bundles.slice(0, maxChildren);
    const count = below.get(member.key) ?? 0;
    return {
      key: member.key,
      ...textsOf(member, engine),
      role: depth === 0 ? "root" : waiting.some(({ behindQueue }) => behindQueue) ? "queue" : "waiter",
      blocks: count === 0 ? null : `blocks ${plural(count, "session")}`,
      children: shown.map((bundle) => {
        const [first] = bundle;
        return bundle.length === 1 ? draw(first, depth + 1, path) : crowd(bundle, engine);
      }),
      more: waiting.length - shown.reduce((sum, bundle) => sum + bundle.length, 0) + member.hidden,
    };
  };
  return draw;
}

type Bundle = readonly [LockMember, ...LockMember[]];

/** Waiters that block nobody and differ only in their number are drawn as one; 500 boxes say no more than one. */
function bundled(waiting: readonly LockMember[], below: ReadonlyMap<string, number>): readonly Bundle[] {
  const kindOf = (member: LockMember): string => {
    const { session, waitsFor } = member;
    const alike = [session?.application, session?.user, session?.query, waitsFor?.mode, waitsFor?.object];
    return (below.get(member.key) ?? 0) > 0 || session === null ? member.key : JSON.stringify(alike);
  };
  return [...Map.groupBy(waiting, kindOf).values()].flatMap((members): Bundle[] => {
    const [first, ...rest] = members;
    if (first === undefined) return [];
    return rest.length + 1 >= fewestInCrowd ? [[first, ...rest]] : members.map((member) => [member]);
  });
}

function crowd(bundle: Bundle, engine: Engine): TreeNode {
  const [first] = bundle;
  const texts = textsOf(first, engine);
  const ids = bundle
    .flatMap(({ session }) => (session === null ? [] : [session.id]))
    .toSorted((a, b) => a - b);
  const from = [first.session?.application, first.session?.user].filter((name) => name).join(", user ");
  const named = ids.slice(0, idsNamed).join(", ");
  return {
    ...texts,
    who: `${bundle.length} sessions of ${from === "" ? "one kind" : from}`,
    role: "waiter",
    state: `${engine === "postgres" ? "pids" : "connections"} ${named}${ids.length > idsNamed ? " …" : ""}`,
    // In order of their waits, so the first has waited longest.
    waits: texts.waits?.replace("waits ", "wait up to ") ?? null,
    key: first.key,
    blocks: null,
    children: [],
    more: 0,
  };
}

function textsOf(
  { session, prepared, waitsFor }: LockMember,
  engine: Engine,
): Pick<TreeNode, "who" | "state" | "waits" | "statement"> {
  const waits =
    waitsFor === null
      ? null
      : `waits ${duration(waitsFor.waitSeconds)} for ${waitsFor.mode} on ${lockObject(waitsFor)}`;
  if (session === null) {
    const gid = prepared?.gid ?? "unknown";
    const state = `prepared ${duration(prepared?.ageSeconds ?? null)} ago, no session`;
    return { who: `prepared transaction ${gid}`, state, waits, statement: null };
  }
  const since = session.state === "active" ? session.statementSeconds : session.stateSeconds;
  return {
    who: describeSession(session, engine),
    state: `${states[session.state]} for ${duration(since)}`,
    waits,
    statement: statementText(session.query),
  };
}

const states = {
  active: "active",
  idle: "idle",
  "idle-in-transaction": "idle in transaction",
  "idle-in-transaction-aborted": "idle in a failed transaction",
  other: "in another state",
} as const;
