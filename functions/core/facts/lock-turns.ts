import type { LockWait } from "../contract/locks.ts";
import { largestFirst } from "../text/most-frequent.ts";
import type { LockGraph, LockMember } from "./lock-graph.ts";
import type { View } from "./view.ts";

/** A lock of any kind but a row's that goes from hand to hand. */
export interface LockTurns {
  readonly wait: LockWait;
  readonly waiting: number;
  /** How long a turn lasts, by the distance between those who wait. */
  readonly turnSeconds: number;
  readonly longestSeconds: number;
}

/** With one or two, the turn of the one before is all the wait there is. */
const minWaiting = 3;

/**
 * Whether those who wait only wait for their turn: the lock is one that one has at a time, and either another had it a
 * moment later, or its queue looks like one that moves. In such a queue waits are spread evenly, from nearly nothing to
 * the longest, and who has just left it is as old as its own wait: a turn or two older than the first in line. A holder
 * that keeps everybody waiting has been idle, or at something else than they, for longer than a turn. Where both fit, a
 * second look that found nothing moved for longer than two turns tells.
 */
export function lockTurns(view: View, graph: LockGraph, holder: LockMember): LockTurns | null {
  const queue = queueFor(graph, holder, (wait) => isWantedAlike(holder, wait));
  if (queue === null) return null;
  const { wait, waits, turnSeconds, members, hidden } = queue;
  const [longestSeconds = 0] = waits;
  const moved = movedOn(graph, wait);
  if (longestSeconds < view.thresholds.slowQuerySeconds) return null;
  const slackSeconds = view.evidence.target.engine === "postgres" ? 0.1 : innodbSlackSeconds;
  const moving = looksMoving(queue, holder, slackSeconds) && !stoodStill(graph, queue);
  return moved || moving ? { wait, waiting: members.length + hidden, turnSeconds, longestSeconds } : null;
}

/** MySQL tells ages in whole seconds. */
const innodbSlackSeconds = 1;

interface Queue {
  readonly wait: LockWait;
  readonly members: readonly LockMember[];
  /** Longest first. */
  readonly waits: readonly number[];
  /** The distance between two that stand one behind the other, on average. */
  readonly turnSeconds: number;
  readonly hidden: number;
}

/** In the mode in which the holder has it. */
function isWantedAlike({ holds }: LockMember, wait: LockWait): boolean {
  if (wait.objectKind === "row" || wait.objectKind === "transaction") return false;
  return holds.some(({ object, mode }) => object === wait.object && mode === wait.mode);
}

/** What a row's queue looks like: as one that moves, or as one that did not in the time of several turns. */
type QueueSign = "moves" | "stands" | "unclear";

/** The same of a row of InnoDB, whose waits do not begin anew with each turn as PostgreSQL's do. */
export function rowQueueSign(graph: LockGraph, holder: LockMember): QueueSign {
  const queue = queueFor(graph, holder, ({ objectKind }) => objectKind === "row");
  if (queue === null) return "unclear";
  if (stoodStill(graph, queue)) return "stands";
  return looksMoving(queue, holder, innodbSlackSeconds) ? "moves" : "unclear";
}

/** Who waits directly for what most wait for; null when they are few. */
function queueFor(
  { children }: LockGraph,
  { key, hidden: below }: LockMember,
  isTurn: (wait: LockWait) => boolean,
): Queue | null {
  const direct = (children.get(key) ?? []).filter(({ waitsFor }) => waitsFor !== null && isTurn(waitsFor));
  const byObject = largestFirst(Map.groupBy(direct, ({ waitsFor }) => waitsFor?.object ?? ""));
  const members = byObject[0]?.[1] ?? [];
  const wait = members[0]?.waitsFor ?? null;
  if (wait === null || members.length < minWaiting) return null;
  const known = members.map(waitedSeconds);
  const waits = known.filter((seconds) => seconds !== null).toSorted((a, b) => b - a);
  const hidden = members.reduce((sum, member) => sum + member.hidden, below);
  const turnSeconds = ((waits[0] ?? 0) - (waits.at(-1) ?? 0)) / Math.max(1, waits.length - 1);
  return { wait, members, waits, turnSeconds, hidden };
}

/** InnoDB counts waits for rows in whole seconds, and the statement that waits for one more finely. */
function waitedSeconds({ waitsFor, session }: LockMember): number | null {
  const wait = waitsFor?.waitSeconds ?? null;
  if (wait === null || waitsFor?.objectKind !== "row") return wait;
  return Math.min(session?.statementSeconds ?? wait, wait + 1);
}

function movedOn({ secondLooks }: LockGraph, { object }: LockWait): boolean {
  return secondLooks.some(({ moved }) => moved.includes(object));
}

function stoodStill({ secondLooks }: LockGraph, { wait, turnSeconds }: Queue): boolean {
  return secondLooks.some(({ still, seconds }) => still.includes(wait.object) && seconds >= 2 * turnSeconds);
}

/** Of the longest wait: a burst of requests behind one holder leaves most of it empty. */
const widestGap = 0.4;

/** So many turns the holder may be ahead of the first in line, and at the same thing within its own. */
const turnsAhead = 3;

function looksMoving(queue: Queue, holder: LockMember, slackSeconds: number): boolean {
  const { waits, turnSeconds, hidden } = queue;
  const [longest = 0] = waits;
  // Of a long queue only its head is listed: how far its end is from nothing is then not known.
  const gaps = waits.map((wait, index) => wait - (waits[index + 1] ?? (hidden > 0 ? wait : 0)));
  if (turnSeconds <= 0 || gaps.some((gap) => gap > widestGap * longest)) return false;
  const { session } = holder;
  if (session === null) return false;
  const within = turnsAhead * turnSeconds + slackSeconds;
  const active = session.state === "active";
  const alike = queue.members.filter((member) => member.session?.query === session.query).length;
  const asOthers = active && alike * 2 > queue.members.length;
  // Without a transaction only the statement that waited tells how long ago it came.
  const age = session.transactionSeconds ?? (asOthers ? session.statementSeconds : null);
  const ahead = age === null ? 0 : age - longest;
  if (ahead < -slackSeconds || ahead > within) return false;
  return asOthers || ((active ? session.statementSeconds : session.stateSeconds) ?? 0) <= within;
}
