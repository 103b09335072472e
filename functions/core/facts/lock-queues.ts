import type { LockWait } from "../contract/locks.ts";
import type { Engine } from "../contract/target.ts";
import { mostFrequent } from "../text/most-frequent.ts";
import { ancestors, countBelow, type LockGraph, type LockMember, subtree } from "./lock-graph.ts";

/** A strong lock request that waits, and that keeps others waiting who would not conflict with the holder. */
export interface LockQueue {
  readonly pivot: LockMember;
  /** Sessions behind it, whatever they wait for. */
  readonly behind: number;
  /** Of them, those that do not queue for what it waits for, but want what its transaction has locked already. */
  readonly underItsLocks: { readonly sessions: number; readonly wait: LockWait } | null;
  readonly longestWaitSeconds: number | null;
  /** How long the request itself has waited; null where that is not known. */
  readonly waitedSeconds: number | null;
  /** Whom the request itself waits for; null when that could not be seen. */
  readonly holder: LockMember | null;
}

/**
 * Modes that ordinary statements do not ask for and that ordinary statements cannot pass, by the engine's names
 * without their decoration.
 * https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-TABLES
 * https://dev.mysql.com/doc/refman/8.4/en/performance-schema-metadata-locks-table.html
 * https://mariadb.com/docs/server/reference/sql-statements/administrative-sql-statements/backup-commands/backup-lock
 */
const strongModes = new Set([
  "share",
  "sharerowexclusive",
  "exclusive",
  "accessexclusive",
  "x",
  "sharednowrite",
  "sharednoreadwrite",
  "backupftwrl1",
  "backupftwrl2",
  "backupblockddl",
  "backupwaitddl",
  "backupwaitflush",
  "backupwaitcommit",
]);

export function isStrongRequest({ waitsFor }: LockMember): boolean {
  if (waitsFor === null) return false;
  const mode = waitsFor.mode
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, "")
    .replace(/^mdl/, "")
    .replace(/lock$/, "");
  switch (waitsFor.objectKind) {
    case "table":
    case "metadata":
      return strongModes.has(mode);
    case "global":
      // FLUSH TABLES WITH READ LOCK asks for a shared lock of everything: every writer queues behind it.
      return strongModes.has(mode) || mode === "shared";
    case "row":
    case "page":
    case "transaction":
    case "advisory":
    case "other":
      return false;
    default:
      return waitsFor.objectKind satisfies never;
  }
}

export function lockQueuesOf(graph: LockGraph, engine: Engine): readonly LockQueue[] {
  return [...graph.members.values()]
    .filter((member) => isStrongRequest(member) && !isNextTurn(graph, member))
    .map((pivot) => ({ pivot, underItsLocks: engine === "postgres" ? underItsLocks(graph, pivot) : null }))
    .filter(
      ({ pivot, underItsLocks: under }) =>
        under !== null || (graph.children.get(pivot.key)?.some((child) => child.behindQueue) ?? false),
    )
    .map(({ pivot, underItsLocks: under }) => ({
      pivot,
      behind: countBelow(graph, pivot.key),
      underItsLocks: under,
      longestWaitSeconds: pivot.longestWaitSeconds,
      waitedSeconds: waitedOf(pivot, engine),
      holder: pivot.parent === null ? null : (graph.members.get(pivot.parent) ?? null),
    }));
}

/**
 * A transaction that changes two tables has the first while it waits for the second. On PostgreSQL alone: elsewhere a
 * change of a definition commits what was before it, and a cancel of one gives nothing else back. Who waits for an
 * advisory lock of its stands by on purpose, and a session keeps it when its statement is cancelled.
 */
function underItsLocks(graph: LockGraph, { key, holds }: LockMember): LockQueue["underItsLocks"] {
  const held = new Set(holds.map(({ object }) => object));
  const wanting = (graph.children.get(key) ?? []).filter(
    ({ behindQueue, waitsFor }) =>
      !behindQueue && waitsFor !== null && waitsFor.objectKind !== "advisory" && held.has(waitsFor.object),
  );
  const waits = wanting.flatMap(({ waitsFor }) => waitsFor ?? []);
  const [most] = mostFrequent(waits.map(({ object }) => object));
  const wait = waits.find(({ object }) => object === most?.text);
  if (wait === undefined) return null;
  const sessions = wanting.reduce((sum, { key: child }) => sum + 1 + countBelow(graph, child), 0);
  return { sessions, wait };
}

/**
 * Of evidence from before the probes knew: MySQL and MariaDB tell when the statement began, and who wants more of what
 * it holds has worked under that lock before.
 */
function waitedOf({ waitsFor, holds }: LockMember, engine: Engine): number | null {
  const upgrade = engine !== "postgres" && holds.some(({ object }) => object === waitsFor?.object);
  return upgrade ? null : (waitsFor?.waitSeconds ?? null);
}

/**
 * It queues with others who ask for the very same, and nobody has it just now: it was given up a moment ago, and the
 * next of them has not got it yet.
 */
function isNextTurn(graph: LockGraph, member: LockMember): boolean {
  const first = ancestors(graph, member).at(-1) ?? member;
  if (first.waitsFor === null || first.waitsFor.objectKind === "global") return false;
  const { object, mode } = first.waitsFor;
  const behind = subtree(graph, first.key);
  const alike = behind.filter(({ waitsFor }) => waitsFor?.object === object && waitsFor.mode === mode);
  return alike.length >= minTurns && alike.length * 2 > behind.length;
}

/** With one or two there is no queue that could move. */
const minTurns = 3;

/** Who keeps a waiter waiting in the end: the queued request it stands behind, else its root. */
export function culpritOf(
  graph: LockGraph,
  queues: readonly LockQueue[],
  member: LockMember,
): LockMember | null {
  const above = ancestors(graph, member);
  const queued = above.find((other) => queues.some(({ pivot }) => pivot.key === other.key));
  const root = above.at(-1) ?? null;
  return queued ?? (root !== null && root.waitsFor === null ? root : null);
}

/** Queues in the subtree of a member that are not part of another queue there. */
export function queuesBelow(
  graph: LockGraph,
  queues: readonly LockQueue[],
  member: LockMember,
): readonly LockQueue[] {
  const below = new Set(subtree(graph, member.key).map(({ key }) => key));
  const inside = queues.filter(({ pivot }) => below.has(pivot.key));
  const pivots = new Set(inside.map(({ pivot }) => pivot.key));
  return inside.filter(({ pivot }) => !ancestors(graph, pivot).some((other) => pivots.has(other.key)));
}

/** Others that hold what waiters of this holder want, all of its direct ones when none are named. */
export function holdersBeside(
  graph: LockGraph,
  holder: LockMember,
  waiters: readonly LockMember[] = graph.children.get(holder.key) ?? [],
): readonly LockMember[] {
  const objects = new Set(waiters.map((child) => child.waitsFor?.object));
  return [...graph.members.values()].filter(
    (member) =>
      member.key !== holder.key &&
      member.waitsFor === null &&
      member.blocksDirectly > 0 &&
      member.holds.some(({ object }) => objects.has(object)),
  );
}
