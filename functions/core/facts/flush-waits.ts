import type { LockForest } from "../contract/locks.ts";
import type { Session } from "../contract/session.ts";
import type { Engine } from "../contract/target.ts";
import { compare } from "../text/compare.ts";
import { bareName, bareTableIn, type UnseenWait, unseenForest } from "./unseen-holders.ts";

/** The mode of such a wait; no engine has one of that name, because it is no lock. */
export const flushMode = "FLUSH";

const flushWait: UnseenWait = {
  wait: { objectKind: "metadata", mode: flushMode },
  held: "OPEN",
  isWaiting: ({ waitEvent }) => waitEvent !== null && /^waiting for table flush/i.test(waitEvent),
};

/**
 * FLUSH TABLES marks a table as old; whoever uses it from then on waits until the last one that had it open has closed
 * it, and no lock view shows that: the thread's state is the evidence. What has to end is the statement that uses the
 * table. Ending the FLUSH frees nobody, since the mark stays (MySQL 9.7.4: KILL QUERY of it, and all go on waiting).
 * MariaDB, from 10.4 on, takes a metadata lock for it instead, which its own view shows.
 * https://dev.mysql.com/doc/refman/8.4/en/general-thread-states.html ("Waiting for table flush")
 */
export function flushForests(sessions: readonly Session[] | null, engine: Engine): readonly LockForest[] {
  if (engine === "postgres" || sessions === null) return [];
  const waiting = sessions.filter((session) => session.state === "active" && flushWait.isWaiting(session));
  const flushes = waiting.filter(({ query }) => /^\s*flush\b/i.test(query ?? ""));
  const tables = [...new Set(waiting.map(({ query }) => tableOf(query)))].filter((table) => table !== null);
  return tables.toSorted(compare).flatMap((table, index) => {
    const users = waiting.filter((session) => !flushes.includes(session) && tableOf(session.query) === table);
    // A FLUSH of all tables is told with the first of them.
    const asked = flushes.filter(({ query }) => (tableOf(query) ?? (index === 0 ? table : null)) === table);
    return unseenForest(sessions, [...asked, ...users], table, flushWait);
  });
}

function tableOf(query: string | null): string | null {
  const name = /^\s*flush\s+(?:local\s+|no_write_to_binlog\s+)?tables\s+(?!with\b)([^\s,;]+)/i.exec(
    query ?? "",
  )?.[1];
  return /^\s*flush\b/i.test(query ?? "") ? bareName(name ?? null) : bareTableIn(query);
}
