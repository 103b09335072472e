import type { Session } from "../contract/session.ts";
import { fingerprint } from "../text/fingerprint.ts";
import type { View } from "./view.ts";

/** Sessions that run this shape of statement just now, in one order. */
export function sessionsRunning(view: View, query: string | null): readonly Session[] {
  const wanted = fingerprint(query);
  return wanted === null || view.sessions === null ? [] : (byShape(view.sessions).get(wanted) ?? []);
}

/** Asked for each statement by many rules: the shapes of the same sessions are worked out once. */
const shapes = new WeakMap<readonly Session[], ReadonlyMap<string | null, readonly Session[]>>();

function byShape(sessions: readonly Session[]): ReadonlyMap<string | null, readonly Session[]> {
  const known = shapes.get(sessions);
  if (known !== undefined) return known;
  const active = sessions.filter(({ state, own }) => state === "active" && !own);
  const inOrder = active.toSorted((a, b) => a.id - b.id);
  const grouped = Map.groupBy(inOrder, (session) => fingerprint(session.query));
  shapes.set(sessions, grouped);
  return grouped;
}
