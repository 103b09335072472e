import type { LockForest, LockNode, SecondLook } from "../../contract/locks.ts";
import type { SqlRow } from "../../ports.ts";
import type { FollowStatement } from "../define.ts";

/**
 * How long to wait before each further look: first as long as several turns of a busy row last; then, for a holder that
 * is still there, as long as a first message within seconds leaves room for.
 */
const pauses = [0.25, 0.5] as const;
type Answers = readonly (readonly SqlRow[])[];

/**
 * Waits before it reads, in one statement, and has a row even where nothing is found: `paused` tells these answers from
 * others. What has no table is materialized first, before anything is read.
 * https://dev.mysql.com/doc/refman/8.4/en/derived-table-optimization.html
 */
export function lookAfter(seconds: number, columns: string, from: string, which = "1"): FollowStatement {
  const sql = `SELECT ${columns}, pause.paused FROM (SELECT SLEEP(${seconds}) AS paused) AS pause
  LEFT JOIN ${from} ON pause.paused = 0 AND ${which}`;
  return { sql, mayFail: true };
}

/** Of the answers to what followed, those of later looks, and those of anything else. */
export function partLooks(answers: Answers): { readonly looks: Answers; readonly others: Answers } {
  const isLook = ([row]: readonly SqlRow[]): boolean =>
    row !== undefined && ("paused" in row || "failed" in row);
  return { looks: answers.filter(isLook), others: answers.filter((rows) => !isLook(rows)) };
}

/** What one later look tells of whom the first one showed. */
export interface LaterLook {
  gone(holder: LockNode): boolean;
  wanted(waiter: LockNode): boolean;
}

/** Seconds to wait before the next look; null when there is nothing more to learn by one. */
export function nextPause(forest: LockForest, looks: readonly LaterLook[]): number | null {
  const open = momentHolders(forest).filter((holder) => !looks.some(({ gone }) => gone(holder)));
  return open.length === 0 ? null : (pauses[looks.length] ?? null);
}

/** Null when none was taken. What has gone once has gone. */
export function secondLookOf(forest: LockForest, looks: readonly LaterLook[]): SecondLook | null {
  if (looks.length === 0) return null;
  const left = new Map(
    momentHolders(forest).map((holder) => [holder.key, looks.find(({ gone }) => gone(holder))]),
  );
  const objects = (of: (waiter: LockNode, at: LaterLook | undefined) => boolean): string[] => {
    const waiters = forest.nodes.filter(({ parent }) => parent !== null && left.has(parent));
    const named = waiters.filter((waiter) => of(waiter, left.get(waiter.parent ?? "")));
    return [...new Set(named.flatMap(({ waitsFor }) => waitsFor?.object ?? []))].toSorted();
  };
  const still = objects((_, at) => at === undefined);
  const moved = objects((waiter, at) => at?.wanted(waiter) ?? false);
  return {
    seconds: pauses.slice(0, looks.length).reduce((sum, seconds) => sum + seconds, 0),
    moved: moved.filter((object) => !still.includes(object)),
    still,
    gone: [...left].filter(([, at]) => at !== undefined).map(([key]) => key),
  };
}

/** MySQL counts whole seconds, and how long somebody idles is a difference of two such numbers. */
const plainSeconds = 3;

/** Whom one look alone could blame for a turn: all but those who have plainly been at something else for longer. */
function momentHolders({ nodes }: LockForest): readonly LockNode[] {
  return nodes.filter(({ key, session, parent, waitsFor, blocksDirectly }) => {
    if (session === null || parent !== null || waitsFor !== null || blocksDirectly === 0) return false;
    if ((session.stateSeconds ?? 0) < plainSeconds || givesUp.test(session.query ?? "")) return true;
    // A statement like theirs has waited like them, for who knows how much of its time.
    const alike = nodes.some((node) => node.parent === key && node.session?.query === session.query);
    return session.state === "active" && alike;
  });
}

/** Statements are read a moment after the locks: by then it had given up what it was seen to hold. */
const givesUp = /^\s*(commit|rollback|unlock\s+tables|(select|do)\s+release_(lock|all_locks))\b/i;
