import type { LockForest, LockNode } from "../contract/locks.ts";
import type { Session } from "../contract/session.ts";
import type { Engine } from "../contract/target.ts";
import { compare } from "../text/compare.ts";
import { mentions, tableIn } from "../text/table-in.ts";

/** The mode of such a wait; no engine has one of that name, because it is no lock. */
export const flushMode = "FLUSH";

/**
 * FLUSH TABLES marks a table as old; whoever uses it from then on waits until the last one that had it open has closed
 * it, and no lock view shows that: the thread's state is the evidence. What has to end is the statement that uses the
 * table. Ending the FLUSH frees nobody, since the mark stays (MySQL 9.7.4: KILL QUERY of it, and all go on waiting).
 * MariaDB, from 10.4 on, takes a metadata lock for it instead, which its own view shows.
 * https://dev.mysql.com/doc/refman/8.4/en/general-thread-states.html ("Waiting for table flush")
 */
export function flushForests(sessions: readonly Session[] | null, engine: Engine): readonly LockForest[] {
  if (engine === "postgres" || sessions === null) return [];
  const waiting = sessions.filter(({ state, waitEvent }) => state === "active" && isFlush(waitEvent));
  const flushes = waiting.filter(({ query }) => /^\s*flush\b/i.test(query ?? ""));
  const tables = [...new Set(waiting.map(({ query }) => tableOf(query)))].filter((table) => table !== null);
  return tables.toSorted(compare).flatMap((table, index) => {
    const users = waiting.filter((session) => !flushes.includes(session) && tableOf(session.query) === table);
    // A FLUSH of all tables is told with the first of them.
    const asked = flushes.filter(({ query }) => (tableOf(query) ?? (index === 0 ? table : null)) === table);
    return forestOf(sessions, [...asked, ...users], table);
  });
}

function isFlush(waitEvent: string | null): boolean {
  return waitEvent !== null && /^waiting for table flush/i.test(waitEvent);
}

function tableOf(query: string | null): string | null {
  const name = /^\s*flush\s+(?:local\s+|no_write_to_binlog\s+)?tables\s+(?!with\b)([^\s,;]+)/i.exec(
    query ?? "",
  )?.[1];
  const table = /^\s*flush\b/i.test(query ?? "") ? (name ?? null) : tableIn(query);
  return table?.replaceAll("`", "").split(".").at(-1) ?? null;
}

/** Clocks of the process list count whole seconds. */
const clockSlackSeconds = 1;

function forestOf(
  sessions: readonly Session[],
  waiting: readonly Session[],
  table: string,
): readonly LockForest[] {
  const longest = Math.max(...waiting.map(waited));
  const users = sessions
    .filter(
      ({ kind, own, state, waitEvent }) =>
        kind === "client" && !own && state === "active" && !isFlush(waitEvent),
    )
    .filter((session) => waited(session) + clockSlackSeconds >= longest && mentions(session.query, table))
    .toSorted((a, b) => waited(b) - waited(a) || a.id - b.id);
  const [holder] = users;
  if (holder === undefined || waiting.length === 0) return [];
  const root: LockNode = {
    ...node(holder, null),
    holds: [{ object: table, objectKind: "metadata", mode: "OPEN", explicit: false }],
    blocksDirectly: waiting.length,
    blocksTotal: waiting.length,
    longestWaitSeconds: longest,
  };
  const inOrder = waiting.toSorted((a, b) => waited(b) - waited(a) || a.id - b.id);
  const nodes = inOrder.map((session, index): LockNode => {
    const wait = { object: table, objectKind: "metadata", mode: flushMode } as const;
    return {
      ...node(session, root.key),
      waitsFor: { ...wait, waitSeconds: waited(session), queuePosition: index + 1 },
      blockerCount: users.length,
      holderCount: users.length,
    };
  });
  return [{ nodes: [root, ...nodes], waiters: waiting.length, omittedWaiters: 0, lockRows: 0, cycles: [] }];
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

function waited({ statementSeconds, stateSeconds }: Session): number {
  return statementSeconds ?? stateSeconds ?? 0;
}
