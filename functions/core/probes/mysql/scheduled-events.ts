import * as z from "zod";
import type { Session } from "../../contract/session.ts";
import { shownQuery } from "../../text/normalise-query.ts";
import { defineProbe, type Need, type ProbeContext } from "../define.ts";
import { mysqlScheduledEventsRows, type ScheduledEventRow } from "./scheduled-events-rows.ts";
import { performanceSchemaGrant, processGrant } from "./sight.ts";
import { readMysqlSnapshot } from "./snapshot.ts";
import { processlistSql, threadsSql } from "./snapshot-sql.ts";

const sight: Need = {
  kind: "grant",
  name: "EVENT on the application's schemas",
  enable: "GRANT SELECT, SHOW VIEW, EVENT ON *.* TO {user}",
  optional: "plans of statements, broken views, orphaned rows, and whose work an event does",
};

/** Its times are in its own time zone. https://dev.mysql.com/doc/refman/8.4/en/information-schema-events-table.html */
const eventsSql = `
  SELECT EVENT_SCHEMA AS schema_name, EVENT_NAME AS name, DEFINER AS definer, STATUS AS status, EXECUTE_AT IS NOT NULL AS once,
    CAST(EXECUTE_AT AS CHAR) AS at, INTERVAL_VALUE AS every, INTERVAL_FIELD AS unit, LEFT(EVENT_DEFINITION, 8000) AS body,
    TIMESTAMPDIFF(SECOND, LAST_EXECUTED, CONVERT_TZ(UTC_TIMESTAMP(), '+00:00', TIME_ZONE)) AS began_seconds_ago
  FROM information_schema.EVENTS
  WHERE EVENT_SCHEMA NOT IN ('mysql', 'sys', 'performance_schema', 'information_schema')
  ORDER BY STATUS = 'ENABLED' DESC, LAST_EXECUTED DESC LIMIT 300`;

/** MySQL tells whose statement it is that a worker of the scheduler runs. MariaDB records that where somebody turned it on. */
const runningSql = `
  SELECT DISTINCT t.PROCESSLIST_ID AS id, s.OBJECT_SCHEMA AS schema_name, s.OBJECT_NAME AS name
  FROM performance_schema.events_statements_current s JOIN performance_schema.threads t ON t.THREAD_ID = s.THREAD_ID
  WHERE s.OBJECT_TYPE = 'EVENT' AND s.END_EVENT_ID IS NULL AND t.PROCESSLIST_ID IS NOT NULL LIMIT 300`;

const number = z.coerce.number();
const eventSchema = z.object({
  schema_name: z.string(),
  name: z.string(),
  definer: z.string(),
  status: z.string(),
  once: number,
  at: z.string().nullable(),
  every: z.union([z.string(), z.number()]).transform(String).nullable(),
  unit: z.string().nullable(),
  body: z.string(),
  began_seconds_ago: number.nullable(),
});
type Event = z.infer<typeof eventSchema>;
const runningSchema = z.object({ id: number, schema_name: z.string(), name: z.string() });

export const mysqlScheduledEvents = defineProbe({
  ...mysqlScheduledEventsRows,
  spec: ["P23", "A14"],
  title: "Which events are scheduled, and which sessions are theirs?",
  engines: ["mysql", "mariadb"],
  tier: "performance",
  cost: "One pass over the events, the list of sessions and the statements that run.",
  needs: [sight, processGrant, performanceSchemaGrant],
  maxRows: 50,
  source: "https://dev.mysql.com/doc/refman/8.4/en/information-schema-events-table.html",
  statements: ({ server }) => [{ sql: processlistSql(server) }, { sql: threadsSql(server) }],
  follow: () => [{ sql: eventsSql }, { sql: runningSql, mayFail: true }],
  read: ([processes = [], threads = [], events, running], context): ScheduledEventRow[] => {
    const { sessions } = readMysqlSnapshot([processes, [], threads, [], []], context);
    const workers = [...sessions.values()].filter(({ kind }) => kind === "event");
    const known = z.array(eventSchema).parse(events ?? []);
    const told = z.array(runningSchema).safeParse(running ?? []).data ?? [];
    const of = workers.map((worker) => ({ id: worker.id, events: eventsOf(worker, known, told, context) }));
    return known.map((event) => {
      const mine = of.filter(({ events: may }) => may.includes(event));
      return {
        ...rowOf(event, context),
        sessions: mine.filter(({ events: may }) => may.length === 1).map(({ id }) => id),
        maybe: mine.filter(({ events: may }) => may.length > 1).map(({ id }) => id),
      };
    });
  },
});

/** Events that a worker may run: in the schema of an event it works, by its definer's name where the engine tells it. */
function eventsOf(
  { id, user, database, query }: Session,
  known: readonly Event[],
  told: readonly z.infer<typeof runningSchema>[],
  context: ProbeContext,
): readonly Event[] {
  const sure = told.filter((one) => one.id === id);
  const named = known.filter((event) =>
    sure.some(({ schema_name, name }) => event.schema_name === schema_name && event.name === name),
  );
  if (sure.length > 0) return named;
  const unnamed = user === null || user === "system user" || user === "event_scheduler";
  const may = known.filter(
    ({ schema_name, definer }) =>
      schema_name === database && (unnamed || definer.slice(0, definer.lastIndexOf("@")) === user),
  );
  const words = wordsOf(query ?? "");
  const same = words === "" ? [] : may.filter(({ body }) => wordsOf(shown(body, context)).includes(words));
  return same.length > 0 ? same : may;
}

function shown(body: string, { settings }: ProbeContext): string {
  const { queryText } = settings.probing;
  return shownQuery(body, { dialect: "mysql", queryText, optOutComment: settings.policy.optOutComment });
}

function wordsOf(text: string): string {
  return text.replace(/[`\s;]/g, "").toLowerCase();
}

const unitSeconds: Readonly<Record<string, number>> = {
  ...{ SECOND: 1, MINUTE: 60, HOUR: 3600, DAY: 86_400, WEEK: 604_800 },
  ...{ MONTH: 2_592_000, QUARTER: 7_776_000, YEAR: 31_536_000 },
};

function rowOf(event: Event, context: ProbeContext): Omit<ScheduledEventRow, "sessions" | "maybe"> {
  const { schema_name: schema, name, definer, status, once, at, every, unit, began_seconds_ago } = event;
  const seconds = Number(every) * (unitSeconds[unit ?? ""] ?? Number.NaN);
  return {
    ...{ schema, name, definer, status },
    schedule: once === 1 ? `AT ${at ?? "?"}` : `EVERY ${every ?? "?"} ${unit ?? ""}`.trim(),
    everySeconds: once === 1 || !(seconds > 0) ? null : seconds,
    body: shown(event.body, context),
    beganSecondsAgo: began_seconds_ago === null ? null : Math.max(0, began_seconds_ago),
  };
}
