import type { LockForest, LockNode, SecondLook } from "../../contract/locks.ts";
import type { SqlRow } from "../../ports.ts";
import type { FollowStatement } from "../define.ts";

/**
 * Longer than most turns of a busy row last, and as short as a first message within seconds needs it. One statement more:
 * the first look has to stay cheap.
 */
const pauseSeconds = 0.6;
type Answers = readonly (readonly SqlRow[])[];

/**
 * Waits before it reads, in one statement, and has a row even where nothing is found: `paused` tells these answers from
 * others. What has no table is materialized first, before anything is read.
 * https://dev.mysql.com/doc/refman/8.4/en/derived-table-optimization.html
 */
export function lookAgain(columns: string, from: string, which = "1"): FollowStatement {
  const sql = `SELECT ${columns}, pause.paused FROM (SELECT SLEEP(${pauseSeconds}) AS paused) AS pause
  LEFT JOIN ${from} ON pause.paused = 0 AND ${which}`;
  return { sql, mayFail: true };
}

/** Of the answers to what followed, the later look, if it was taken, and those of anything else. */
export function partLooks(answers: Answers): {
  readonly again: Answers[number] | undefined;
  readonly others: Answers;
} {
  const isLook = ([row]: readonly SqlRow[]): boolean =>
    row !== undefined && ("paused" in row || "failed" in row);
  return { again: answers.find(isLook), others: answers.filter((rows) => !isLook(rows)) };
}

/** What it found; null when it was not taken, or failed. */
export function rowsAgain(again: Answers[number] | undefined): readonly SqlRow[] | null {
  const taken = again?.[0] !== undefined && "paused" in again[0];
  return taken ? again : null;
}

/** What one later look tells of whom the first one showed. */
export interface LaterLook {
  gone(holder: LockNode): boolean;
  wanted(waiter: LockNode): boolean;
}

/** Whether a later look could tell more than the first. */
export function isWorthALook(forest: LockForest): boolean {
  return momentHolders(forest).length > 0;
}

export function secondLookOf(forest: LockForest, { gone, wanted }: LaterLook): SecondLook {
  const left = new Map(momentHolders(forest).map((holder) => [holder.key, gone(holder)]));
  const objects = (of: (waiter: LockNode, isGone: boolean) => boolean): string[] => {
    const waiters = forest.nodes.filter((waiter) => {
      const isGone = left.get(waiter.parent ?? "");
      return isGone !== undefined && of(waiter, isGone);
    });
    return [...new Set(waiters.flatMap(({ waitsFor }) => waitsFor?.object ?? []))].toSorted();
  };
  const still = objects((_, isGone) => !isGone);
  const moved = objects((waiter, isGone) => isGone && wanted(waiter));
  return {
    seconds: pauseSeconds,
    moved: moved.filter((object) => !still.includes(object)),
    still,
    gone: [...left].flatMap(([key, isGone]) => (isGone ? [key] : [])),
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
