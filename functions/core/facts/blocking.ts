import type { PreparedTransaction } from "../contract/locks.ts";
import type { Session } from "../contract/session.ts";
import { largestFirst } from "../text/most-frequent.ts";
import { filledTable } from "./filled-table.ts";
import { flushMode } from "./flush-waits.ts";
import { freedBy, holdersWith } from "./freed-alone.ts";
import { heldOnly } from "./held-since.ts";
import { countBelow, type LockGraph, type LockMember, lockGraphOf, subtree } from "./lock-graph.ts";
import { isStrongRequest, type LockQueue, lockQueuesOf, queuesBelow } from "./lock-queues.ts";
import { longestKnown, longestPossible } from "./longest-wait.ts";
import { isWaitedForOnPurpose, wasLeftBehind } from "./patient-waits.ts";
import { type Ripeness, ripenessOf } from "./ripeness.ts";
import { onlyRowsBelow, wantsToKeep } from "./row-waits.ts";
import { isMany } from "./severity.ts";
import { type Standing, standingOf, withTurns } from "./standing.ts";
import { tableLevelMode } from "./table-level-waits.ts";
import type { View } from "./view.ts";

/** What a blocked-by rule is asked about; exactly one rule answers for each root. */
export type BlockerKind = "prepared" | "explicit" | "idle" | "running";

/** A root of the blocking forest whose waiters have waited noticeably. */
export interface Blocker {
  readonly kind: BlockerKind;
  readonly member: LockMember;
  readonly session: Session | null;
  readonly prepared: PreparedTransaction | null;
  /** Everybody below it, and those of them who do not merely stand behind a queued lock request. */
  readonly blocked: number;
  readonly beyondQueues: number;
  readonly queues: readonly LockQueue[];
  readonly longestWaitSeconds: number | null;
  /** It is no wait that was told, but the age of a statement that waits: it bounds it. */
  readonly waitIsBound: boolean;
  /** The longest known wait of those beyond the queues. */
  readonly ownWaitSeconds: number | null;
  /** Without the strong request that queues behind it, it would keep nobody waiting worth speaking of. */
  readonly harmlessAlone: boolean;
  /**
   * "fleeting": nothing has lasted yet. "handed-along": others had the lock before, and ending this one changes nothing.
   * "over": a moment later it had given the lock up by itself.
   */
  readonly standing: Standing;
  /** How many hold what is waited for, this one included. */
  readonly holders: number;
  /** Waiters that go on when this one alone ends. */
  readonly freesAlone: number;
  /** Others who may hold, unseen, the row that is waited for, or the next. */
  readonly perhapsShared: number;
  /** All that wait directly wait for a lock that is meant to be waited for: an election, a job that runs once. */
  readonly onPurpose: boolean;
  /** Nothing but changes of a definition waits for it directly: they are to give way, and not what works. */
  readonly onlyChanges: boolean;
  /** Somebody below it wants the row FOR UPDATE or FOR SHARE, as an election or a lease by a row does. */
  readonly wantedToKeep: boolean;
  /** Rows of it are waited for: see row-waits.ts. */
  readonly perhapsInserted: boolean;
  readonly onlyRows: boolean;
  /** What waits does so because a FLUSH wants the table closed that it uses, or for a whole table: no view shows whose. */
  readonly unseen: "flush" | "table-level" | null;
  readonly ripeness: Ripeness;
}

export interface Blocking {
  readonly graph: LockGraph;
  /** Noticeable ones only. */
  readonly blockers: readonly Blocker[];
  readonly queues: readonly LockQueue[];
}

export function blockingOf(view: View): Blocking {
  if (view.forests === null) return { graph: lockGraphOf([]), blockers: [], queues: [] };
  const graph = lockGraphOf(view.forests);
  const queues = lockQueuesOf(graph, view.evidence.target.engine);
  const noticeSeconds = view.thresholds.slowQuerySeconds;
  const noticed = queues.filter(({ pivot, behind, longestWaitSeconds }) =>
    isNoticeable(behind, longestWaitSeconds ?? longestPossible(graph, pivot), noticeSeconds),
  );
  const blockers = graph.roots
    .map((member) => blockerOf(view, graph, noticed, member))
    .filter((blocker) => blocker !== null);
  return { graph, blockers: withTurns(view, graph, blockers), queues: noticed };
}

/** One short wait is how locks work. Two waiters, or one that has waited as long as a slow query, are news. */
function isNoticeable(waiters: number, longestWaitSeconds: number | null, noticeSeconds: number): boolean {
  return waiters >= 2 || (waiters === 1 && (longestWaitSeconds ?? 0) >= noticeSeconds);
}

function blockerOf(
  view: View,
  graph: LockGraph,
  queues: readonly LockQueue[],
  member: LockMember,
): Blocker | null {
  const noticeSeconds = view.thresholds.slowQuerySeconds;
  const kind = kindOf(graph, member);
  const blocked = countBelow(graph, member.key);
  const longestWaitSeconds = member.longestWaitSeconds ?? longestPossible(graph, member);
  if (kind === null || !isNoticeable(blocked, longestWaitSeconds, noticeSeconds)) return null;
  const inside = queuesBelow(graph, queues, member);
  const beyondQueues = blocked - inside.reduce((sum, { behind }) => sum + 1 + behind, 0);
  const queued = inside.flatMap(({ pivot }) => [pivot, ...subtree(graph, pivot.key)]);
  const inQueues = new Set(queued.map(({ key }) => key));
  const ownAtMost = longestPossible(graph, member, inQueues);
  return {
    kind,
    member,
    session: member.session,
    prepared: member.prepared,
    blocked,
    beyondQueues,
    queues: inside,
    longestWaitSeconds,
    waitIsBound: member.longestWaitSeconds === null,
    ownWaitSeconds: longestKnown(graph, member, inQueues),
    harmlessAlone: inside.length > 0 && !isNoticeable(beyondQueues, ownAtMost, noticeSeconds),
    standing: wasLeftBehind(graph, member)
      ? "lasting"
      : standingOf(member, longestWaitSeconds, noticeSeconds),
    holders: holdersWith(graph, member),
    freesAlone: freedBy(graph, member),
    perhapsShared: Math.max(
      0,
      ...(graph.children.get(member.key) ?? []).map(({ waitsFor }) => waitsFor?.sharers ?? 0),
    ),
    onPurpose: isWaitedForOnPurpose(graph, member),
    onlyChanges: (graph.children.get(member.key) ?? []).every(
      (child) => child.behindQueue || isStrongRequest(child),
    ),
    wantedToKeep: wantsToKeep(graph, member),
    perhapsInserted: (graph.children.get(member.key) ?? []).some((one) => one.waitsFor?.objectKind === "row"),
    onlyRows: onlyRowsBelow(view, graph, member),
    unseen: unseenOf(graph, member),
    ripeness: ripe(view, graph, member, blocked),
  };
}

function ripe(view: View, graph: LockGraph, member: LockMember, blocked: number): Ripeness {
  const because = heldOnly(view, graph, member);
  return because === null ? ripenessOf(view, member, blocked, graph.waiters) : { ripe: false, because };
}

function unseenOf({ children }: LockGraph, { key }: LockMember): Blocker["unseen"] {
  const modes = (children.get(key) ?? []).map(({ waitsFor }) => waitsFor?.mode);
  if (modes.includes(flushMode)) return "flush";
  return modes.includes(tableLevelMode) ? "table-level" : null;
}

function kindOf(graph: LockGraph, member: LockMember): BlockerKind | null {
  if (member.prepared !== null) return "prepared";
  if (member.session === null) return null;
  if (holdsWantedExplicitly(graph, member)) return "explicit";
  if (member.session.transactionUnknown) return "idle";
  switch (member.session.state) {
    case "idle-in-transaction":
    case "idle-in-transaction-aborted":
    case "idle":
      return "idle";
    case "active":
    case "other":
      return "running";
    default:
      return member.session.state satisfies never;
  }
}

/** An explicit lock that nobody waits for changes nothing about the remedy; nor does one of a table that it fills now. */
function holdsWantedExplicitly(graph: LockGraph, member: LockMember): boolean {
  const filled = filledTable(member);
  const explicit = member.holds.filter((lock) => lock.explicit && lock !== filled);
  if (explicit.length === 0) return false;
  const wanted = (graph.children.get(member.key) ?? []).filter((child) => !child.behindQueue);
  const objects = new Set(wanted.map((child) => child.waitsFor?.object));
  return explicit.some(({ object }) => objects.has(object)) || explicit.length === member.holds.length;
}

/** The object that most of the direct waiters want, and how many others are wanted too. */
export function mostWanted(
  graph: LockGraph,
  member: LockMember,
): { wait: NonNullable<LockMember["waitsFor"]>; others: number } | null {
  const waits = (graph.children.get(member.key) ?? [])
    .map((child) => child.waitsFor)
    .filter((w) => w !== null);
  const byObject = largestFirst(Map.groupBy(waits, ({ object }) => object));
  const wait = byObject[0]?.[1][0];
  return wait === undefined ? null : { wait, others: byObject.length - 1 };
}

/** Many at once is an incident before anything has lasted; then it is looked at again, not acted upon. */
export function isCrowd(blocker: Pick<Blocker, "blocked">, view: View): boolean {
  return isMany(blocker.blocked, view.server?.maxConnections ?? null);
}

/** Subject of the finding about the statements that run long because they wait behind this member. */
export function behindSubject(member: Pick<LockMember, "key">): string {
  return `behind:${member.key}`;
}
