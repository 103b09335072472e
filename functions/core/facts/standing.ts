import type { Session } from "../contract/session.ts";
import { duration } from "../text/wording.ts";
import { gaveUp, type HandOver, handOverOf } from "./hand-over.ts";
import { heldOnly, keptThemAll, othersHadIt, tableOfRow } from "./held-since.ts";
import { type LockGraph, type LockMember, subtree } from "./lock-graph.ts";
import type { Ripeness } from "./ripeness.ts";
import type { View } from "./view.ts";

/**
 * "fleeting": nothing has lasted yet. "handed-along": others had the lock before, and ending this one changes nothing.
 * "over": a moment later it had given the lock up by itself.
 */
export type Standing = "lasting" | "fleeting" | "handed-along" | "over";

/** Of what is noticed, and seconds: who begins to wait just now may be about to give up, as a careful migration does. */
const momentShare = 0.2;
const longestMoment = 0.2;

/**
 * A holder younger than the wait did not cause it: the lock goes from hand to hand (a hot row), and killing the
 * one who has it now changes nothing. Nor is a pause between two statements an idle transaction.
 */
export function standingOf(member: LockMember, waitSeconds: number | null, noticeSeconds: number): Standing {
  const { session, prepared } = member;
  const age = prepared?.ageSeconds ?? session?.transactionSeconds ?? session?.stateSeconds ?? null;
  const pause = prepared === null ? (session?.stateSeconds ?? null) : null;
  const waited = (waitSeconds ?? 0) >= noticeSeconds;
  if (age !== null && age < noticeSeconds) return waited ? "handed-along" : "fleeting";
  // Whoever idles keeps all who come, however soon each of them gives up.
  if (session?.state === "active" && isMoment(waitSeconds, noticeSeconds)) return "fleeting";
  return pause !== null && pause < noticeSeconds && !waited ? "fleeting" : "lasting";
}

/** MySQL counts whole seconds: its 0 is no moment. */
function isMoment(waitSeconds: number | null, noticeSeconds: number): boolean {
  const most = Math.min(longestMoment, momentShare * noticeSeconds);
  return waitSeconds !== null && waitSeconds > 0 && waitSeconds < most;
}

/**
 * Between two statements of a transaction that is not old, or at a short one: it is at work and about to go on. To end
 * it would cost its work and mend nothing. Null where it is not so; else what is to be said instead.
 */
export function atWork(view: View, graph: LockGraph, { session, member }: AtWork): string | null {
  const turn = heldOnly(view, graph, member);
  if (turn !== null) return turn;
  const { slowQuerySeconds, killCandidateSeconds } = view.thresholds;
  const { state, stateSeconds = null, transactionSeconds = null } = session ?? {};
  if (member.prepared !== null || stateSeconds === null || transactionSeconds === null) return null;
  if (state === "idle-in-transaction-aborted") return null;
  if (
    keptThemAll(graph, member) ||
    stateSeconds >= slowQuerySeconds ||
    transactionSeconds >= killCandidateSeconds
  )
    return null;
  return `it is at work, ${state === "active" ? "at its present statement" : "between two statements"} for ${duration(stateSeconds)}: nobody is to be ended for that; its application has to commit sooner, or ask for this row last`;
}

type AtWork = Readonly<{ session: Session | null; member: LockMember }>;

interface Standpoint {
  readonly member: LockMember;
  readonly standing: Standing;
  readonly ripeness: Ripeness;
}

/** What looks lasting may be one turn of many at the same row, or at one of several that all of them want. */
export function withTurns<Blocker extends Standpoint>(
  view: View,
  graph: LockGraph,
  blockers: readonly Blocker[],
): readonly Blocker[] {
  const turns = new Map(blockers.map(({ member }) => [member.key, handOverOf(view, graph, member)]));
  const busy = new Set([...turns.values()].flatMap((turn) => tableOf(turn) ?? []));
  return blockers.map((blocker): Blocker => {
    const { member } = blocker;
    const isTurn = turns.get(member.key) !== null || isAmongTurns(view, graph, member, busy);
    if (isTurn || isLatest(view, graph, blocker)) return { ...blocker, standing: "handed-along" };
    return gaveUp(graph, member) ? { ...blocker, standing: "over" } : blocker;
  });
}

/**
 * With one or two behind it, too, it is only the latest: it has been at its present work for less than half of the time
 * that they have waited, and they waited before its transaction began.
 */
function isLatest(view: View, graph: LockGraph, { member, standing, ripeness }: Standpoint): boolean {
  const { session, longestWaitSeconds } = member;
  if (standing !== "lasting" || ripeness.ripe || session === null) return false;
  const latest = 2 * (session.stateSeconds ?? Number.POSITIVE_INFINITY) < (longestWaitSeconds ?? 0);
  return latest && othersHadIt(view, graph, member);
}

function tableOf(turn: HandOver | null): string | null {
  return turn === null || turn.row === null ? null : tableOfRow(turn.row);
}

/** MySQL counts whole seconds, and how long somebody idles is a difference of two such numbers. */
const plainSeconds = 3;

/**
 * A deadlock storm has many holders, each with a few waiters, on rows of one table: where some of them were seen to pass
 * on, one that has been at its present work for a moment only, or whose statement may have waited itself, is no other.
 */
function isAmongTurns(
  view: View,
  graph: LockGraph,
  { key, session }: LockMember,
  busy: ReadonlySet<string>,
): boolean {
  if (view.evidence.target.engine === "postgres" || session === null || busy.size === 0) return false;
  const direct = graph.children.get(key) ?? [];
  const alike = direct.some((waiter) => waiter.session?.query === session.query);
  const brief = (session.stateSeconds ?? 0) < plainSeconds || (session.state === "active" && alike);
  const wanted = subtree(graph, key).map(({ waitsFor }) => tableOfRow(waitsFor?.object ?? ""));
  return brief && wanted.every((table) => table !== null && busy.has(table));
}
