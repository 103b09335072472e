import { mysqlScheduledEventsRows, type ScheduledEventRow } from "../probes/mysql/scheduled-events-rows.ts";
import { fingerprint } from "../text/fingerprint.ts";
import { sessionsRunning } from "./sessions-running.ts";
import { statementsOf } from "./statements.ts";
import type { View } from "./view.ts";

export type EventBehind =
  | { readonly kind: "event"; readonly event: ScheduledEventRow }
  /** One of them, or none; nothing is proposed for a guess. None listed: it could not be seen which there are. */
  | { readonly kind: "maybe"; readonly events: readonly ScheduledEventRow[]; readonly because: string };

/** Whose work a finding is about, when that is an event of the scheduler; null when it is none, as far as could be seen. */
export function eventBehind(view: View, subject: string): EventBehind | null {
  const id = /^session:(\d+)$/.exec(subject)?.[1];
  if (id !== undefined) return eventOfSession(view, Number(id));
  const statement = statementsOf(view)?.find(({ key }) => key === subject);
  if (statement === undefined) return null;
  const running = sessionsRunning(view, statement.query);
  const [first] = running;
  if (first === undefined) return betweenRuns(view, statement.query);
  const behind = running.map((session) => eventOfSession(view, session.id));
  // Not one that others send as well: to pause the event would leave theirs.
  const [one = null] = behind;
  return behind.every((each) => JSON.stringify(each) === JSON.stringify(one)) ? one : null;
}

function eventOfSession(view: View, id: number): EventBehind | null {
  if (view.sessions?.find((session) => session.id === id)?.kind !== "event") return null;
  const rows = view.rows(mysqlScheduledEventsRows);
  const [event] = (rows ?? []).filter(({ sessions }) => sessions.includes(id));
  if (event !== undefined) return { kind: "event", event };
  const events = (rows ?? []).filter(({ maybe }) => maybe.includes(id));
  const because =
    rows === null || events.length === 0
      ? "the probe's user sees no event that it may be (EVENT on its schema)"
      : "which of them it runs was not seen";
  return { kind: "maybe", events, because };
}

/** Literals are not compared, and who sent the calls nobody has seen: of whoever may send it, the event is one. */
function betweenRuns(view: View, query: string | null): EventBehind | null {
  const text = fingerprint(query);
  if (text === null) return null;
  const events = (view.rows(mysqlScheduledEventsRows) ?? []).filter(
    ({ body, status }) => status === "ENABLED" && fingerprint(body) === text,
  );
  return events.length === 0
    ? null
    : { kind: "maybe", events, because: "who sends the statement was not seen" };
}
