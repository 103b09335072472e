import * as z from "zod";
import { withoutGivenValues } from "../../../plans/mysql-routine-statement.ts";
import { largeTableRows } from "../../../plans/read-plan.ts";
import type { SqlRow } from "../../../ports.ts";
import { normaliseQuery } from "../../../text/normalise-query.ts";
import type { FollowStatement } from "../../define.ts";
import type { WorstStatement } from "./worst-statement.ts";

const events = (table: string): string => `
  SELECT s.THREAD_ID AS thread_id, s.EVENT_ID AS event_id, s.NESTING_EVENT_LEVEL AS level, s.DIGEST AS digest,
    s.CURRENT_SCHEMA AS schema_name, s.OBJECT_TYPE AS kind, s.OBJECT_SCHEMA AS routine_schema, s.OBJECT_NAME AS routine,
    LEFT(s.SQL_TEXT, 20001) AS text, s.TIMER_WAIT / 1000000000000 AS seconds, s.END_EVENT_ID IS NOT NULL AS ended,
    s.ROWS_EXAMINED AS examined, s.ROWS_SENT + s.ROWS_AFFECTED AS used
  FROM performance_schema.${table} s WHERE s.THREAD_ID IN (
    SELECT n.THREAD_ID FROM performance_schema.${table} n WHERE n.NESTING_EVENT_LEVEL > 0)`;

/**
 * The last statements of each thread that is in a stored program, or was a moment ago, with the one that its client sent.
 * https://dev.mysql.com/doc/refman/8.4/en/performance-schema-events-statements-history-table.html
 */
export const insideRoutinesSql: FollowStatement = {
  sql: `${events("events_statements_history")} UNION ALL ${events("events_statements_current")} LIMIT 3000`,
  mayFail: true,
};

const number = z.coerce.number();
const eventSchema = z.object({
  thread_id: number,
  event_id: number,
  level: number,
  digest: z.string().nullable(),
  schema_name: z.string().nullable(),
  kind: z.string().nullable(),
  routine_schema: z.string().nullable(),
  routine: z.string().nullable(),
  text: z.string().nullable(),
  seconds: number.nullable(),
  ended: number,
  examined: number,
  used: number,
});
type Event = z.infer<typeof eventSchema>;

/** Beside the five dearest that clients send. */
const most = 2;
/** Where none has ended, nothing is counted yet: that somebody waits for it so long is reason enough to plan it. */
const longSeconds = 1;
/** A statement that looks at so many rows for each one that it uses is searching, not reporting. */
const searches = 10;

/** Statements inside stored programs that look at many rows for few, dearest first; their values are their program's. */
export function insideRoutines(rows: readonly SqlRow[] = []): readonly WorstStatement[] {
  const all = z.array(eventSchema).safeParse(rows).data ?? [];
  const known = [...new Map(all.map((event) => [`${event.thread_id} ${event.event_id}`, event])).values()];
  const inner = known.flatMap((event) => {
    const sent = event.level > 0 && event.text !== null ? sentBy(event, known) : null;
    return sent === null || sent.digest === null ? [] : [{ event, sent }];
  });
  const groups = Map.groupBy(inner, ({ event, sent }) =>
    JSON.stringify([sent.schema_name, sent.digest, event.routine_schema, event.routine, shown(event)]),
  );
  return [...groups.values()]
    .flatMap((runs) => worstOf(runs) ?? [])
    .toSorted((a, b) => b.totalSeconds - a.totalSeconds)
    .slice(0, most);
}

/** Numbers of events grow within their thread: what the client sent last before it. */
function sentBy({ thread_id, event_id }: Event, known: readonly Event[]): Event | null {
  const before = known.filter(
    (one) => one.thread_id === thread_id && one.level === 0 && one.event_id < event_id,
  );
  return before.toSorted((a, b) => b.event_id - a.event_id)[0] ?? null;
}

function shown({ text }: Event): string {
  return normaliseQuery(withoutGivenValues(text ?? ""), "mysql");
}

function worstOf(runs: readonly { readonly event: Event; readonly sent: Event }[]): WorstStatement | null {
  const [first] = runs;
  if (first === undefined) return null;
  const { event, sent } = first;
  const ended = runs.map((one) => one.event).filter((one) => one.ended === 1);
  const examined = sum(ended.map((one) => one.examined));
  const used = sum(ended.map((one) => one.used));
  const seconds = sum(runs.map((one) => one.event.seconds ?? 0));
  const calls = new Set(runs.map((one) => one.sent));
  const counts =
    examined >= largeTableRows * ended.length && examined >= searches * Math.max(ended.length, used);
  if (ended.length === 0 ? seconds < longSeconds : !counts) return null;
  const routine = event.routine === null ? null : `${event.routine_schema}.${event.routine}`;
  return {
    digest: `${sent.digest ?? ""}/inside ${routine ?? ""}`,
    schema: event.routine_schema ?? event.schema_name,
    digestText: shown(event),
    sample: event.text,
    calls: ended.length,
    totalSeconds: seconds,
    rowsExamined: examined,
    rowsUsed: used,
    inside: {
      digest: sent.digest,
      schema: sent.schema_name,
      routine,
      kind: event.kind?.toLowerCase() ?? null,
      sessions: new Set(runs.map((one) => one.event.thread_id)).size,
      percentOfCall: Math.min(
        100,
        (100 * seconds) / Math.max(1e-9, sum([...calls].map((one) => one.seconds ?? 0))),
      ),
    },
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
