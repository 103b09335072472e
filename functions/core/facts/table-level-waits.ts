import type { LockForest } from "../contract/locks.ts";
import type { Session } from "../contract/session.ts";
import type { Engine } from "../contract/target.ts";
import { compare } from "../text/compare.ts";
import { bareTableIn, type UnseenWait, unseenForest, waited } from "./unseen-holders.ts";

/** The mode of such a wait, by the words of the thread's state. */
export const tableLevelMode = "TABLE LEVEL";

const tableLevelWait: UnseenWait = {
  wait: { objectKind: "table", mode: tableLevelMode },
  held: "table level lock",
  // "Locked" until MySQL 5.5.
  isWaiting: ({ waitEvent }) =>
    waitEvent !== null && /^(waiting for table level lock|locked$)/i.test(waitEvent),
};

/** A table that changes hands within this is used in turns, and whoever has it now is nobody's blocker. */
const longerThanTurnSeconds = 1;

/**
 * MyISAM, MEMORY, CSV and their like lock whole tables for the length of a statement: one that reads keeps all writers
 * waiting, and a writer that waits all readers that came after it. No view shows who has such a lock (the metadata lock
 * was got), so that the statement which uses the table and does not wait is taken for the holder. Who has it by LOCK
 * TABLES and is idle runs no statement and is not named.
 * https://dev.mysql.com/doc/refman/8.4/en/internal-locking.html
 */
export function tableLevelForests(
  sessions: readonly Session[] | null,
  engine: Engine,
): readonly LockForest[] {
  if (engine === "postgres" || sessions === null) return [];
  const waiting = sessions.filter(
    (session) => session.state === "active" && tableLevelWait.isWaiting(session),
  );
  const byTable = Map.groupBy(waiting, ({ query }) => bareTableIn(query));
  return [...byTable]
    .toSorted(([a], [b]) => compare(a ?? "", b ?? ""))
    .flatMap(([table, queue]) => {
      const lasting = queue.some((session) => waited(session) > longerThanTurnSeconds);
      return table === null || !lasting ? [] : unseenForest(sessions, queue, table, tableLevelWait);
    });
}
