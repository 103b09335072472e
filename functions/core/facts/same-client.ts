import type { Session } from "../contract/session.ts";

/**
 * Whose the same statement is: one application's, by user and host. Sessions alike in it are one cause with a count, not
 * as many causes as there are sessions. Null where the statement is not known: nothing is then known to be the same.
 */
export function clientAndStatement({ application, user, client, query, state }: Session): string | null {
  return query === null ? null : JSON.stringify([application, user, client, state, query]);
}

/** In the order of the first of each. */
export function groupedByClient(
  sessions: readonly Session[],
  isApart: (session: Session) => boolean,
): readonly (readonly [Session, ...Session[]])[] {
  const groups = Map.groupBy(sessions, (session) => {
    const key = isApart(session) ? null : clientAndStatement(session);
    return key ?? `session ${session.id}`;
  });
  return [...groups.values()].flatMap(([first, ...rest]) => (first === undefined ? [] : [[first, ...rest]]));
}
