import type { LockForest, LockNode, LockWait } from "../contract/locks.ts";
import type { Session } from "../contract/session.ts";
import { mentions, tableIn } from "../text/table-in.ts";

/** How what nobody's lock view shows is named in a forest: the wait, and what keeps it waiting. */
export interface UnseenWait {
  readonly wait: Pick<LockWait, "objectKind" | "mode">;
  /** What the holder has of the table. */
  readonly held: string;
  readonly isWaiting: (session: Session) => boolean;
}

/** The table that a statement names first, without its schema. */
export function bareTableIn(query: string | null): string | null {
  return bareName(tableIn(query));
}

export function bareName(name: string | null): string | null {
  return name?.replaceAll("`", "").split(".").at(-1) ?? null;
}

/** Where clocks count whole seconds, who came first may look as young as who came after. */
const clockSlackSeconds = 1;

/**
 * A forest of what waits for a table and is told by the state of its thread alone: what it waits for is the oldest
 * statement on that table that does not wait itself, when that is older than every wait. Nobody, when there is none.
 */
export function unseenForest(
  sessions: readonly Session[],
  waiting: readonly Session[],
  table: string,
  { wait, held, isWaiting }: UnseenWait,
): readonly LockForest[] {
  const longest = Math.max(...waiting.map(waited));
  const users = sessions
    .filter(
      (session) =>
        session.kind === "client" && !session.own && session.state === "active" && !isWaiting(session),
    )
    .filter((session) => began(session) >= longest && mentions(session.query, table))
    .toSorted(byAge);
  const [holder] = users;
  if (holder === undefined || waiting.length === 0) return [];
  const root: LockNode = {
    ...node(holder, null),
    holds: [{ object: table, objectKind: wait.objectKind, mode: held, explicit: false }],
    blocksDirectly: waiting.length,
    blocksTotal: waiting.length,
    longestWaitSeconds: longest,
  };
  const nodes = waiting.toSorted(byAge).map(
    (session, index): LockNode => ({
      ...node(session, root.key),
      waitsFor: { ...wait, object: table, waitSeconds: waited(session), queuePosition: index + 1 },
      blockerCount: users.length,
      holderCount: users.length,
    }),
  );
  return [{ nodes: [root, ...nodes], waiters: waiting.length, omittedWaiters: 0, lockRows: 0, cycles: [] }];
}

function byAge(a: Session, b: Session): number {
  return waited(b) - waited(a) || a.id - b.id;
}

export function waited({ statementSeconds, stateSeconds }: Session): number {
  return statementSeconds ?? stateSeconds ?? 0;
}

function began(session: Session): number {
  const seconds = waited(session);
  return Number.isInteger(seconds) ? seconds + clockSlackSeconds : seconds;
}

function node(session: Session, parent: string | null): LockNode {
  return {
    key: `session:${session.id}`,
    session,
    prepared: null,
    waitsFor: null,
    parent,
    behindQueue: false,
    blockerCount: 0,
    holderCount: null,
    holds: [],
    blocksDirectly: 0,
    blocksTotal: 0,
    longestWaitSeconds: null,
  };
}
