import * as z from "zod";
import { SqlError } from "../../errors.ts";
import type { ServerInfo, SqlRow } from "../../ports.ts";
import { mysqlName } from "../../text/sql-names.ts";
import { defineProbe, type FollowStatement, type Need } from "../define.ts";
import { type MysqlObjectRow, mysqlObjectsRows } from "./objects-rows.ts";
import { withoutValues } from "./replication/errors.ts";

const visible: Need = {
  kind: "grant",
  name: "SELECT, SHOW VIEW and EVENT",
  enable: "GRANT SELECT, SHOW VIEW, EVENT ON *.* TO {user}",
  optional: "plans of statements, broken views, orphaned rows, and whose work an event does",
};
const maxObjects = 300;
const atOnce = 50;
const own = "NOT IN ('mysql', 'sys', 'performance_schema', 'information_schema')";

/** Without any right on a schema it is not there for the user, and "nothing is broken" would be said of nothing. */
const sightSql = `SELECT COUNT(*) AS seen FROM information_schema.SCHEMATA WHERE SCHEMA_NAME ${own}`;

/** Names only. InnoDB repairs itself or stops the server: its tables are not looked into. */
const candidatesSql = `
  SELECT TABLE_SCHEMA AS schema_name, TABLE_NAME AS name FROM information_schema.TABLES
  WHERE TABLE_SCHEMA ${own} AND (TABLE_TYPE = 'VIEW' OR ENGINE IS NULL OR ENGINE IN ('MyISAM', 'Aria', 'CSV', 'ARCHIVE'))
  LIMIT ${maxObjects}`;

/** TABLE_ROWS makes the server open it, and TABLE_COMMENT then carries what went wrong. */
const oneSql = `SELECT TABLE_SCHEMA AS schema_name, TABLE_NAME AS name, TABLE_TYPE AS kind, ENGINE AS engine,
    TABLE_ROWS AS row_count, TABLE_COMMENT AS detail
  FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?`;

const nameSchema = z.object({ schema_name: z.string(), name: z.string() });

/** MySQL would answer from statistics that are up to a day old, and those know of no error. */
function lookInto(rows: readonly SqlRow[], { engine }: ServerInfo): readonly FollowStatement[] {
  const names = z.array(nameSchema).parse(rows);
  const chunks = Array.from({ length: Math.ceil(names.length / atOnce) }, (_, at) =>
    names.slice(at * atOnce, (at + 1) * atOnce),
  );
  if (chunks.length === 0) return [];
  const expiry = (value: string): FollowStatement => ({
    sql: engine === "mysql" ? `SET SESSION information_schema_stats_expiry = ${value}` : "DO 0",
    mayFail: true,
  });
  const looks = chunks.map((chunk) => ({
    sql: chunk.map(() => oneSql).join(" UNION ALL "),
    params: chunk.flatMap(({ schema_name, name }) => [schema_name, name]),
    mayFail: true as const,
  }));
  return [expiry("0"), ...looks, expiry("DEFAULT")];
}

/** Times are told in the event's own zone. https://dev.mysql.com/doc/refman/8.4/en/information-schema-events-table.html */
const eventsSql = `
  SELECT EVENT_SCHEMA AS schema_name, EVENT_NAME AS name, STATUS AS status, @@GLOBAL.event_scheduler AS scheduler,
    CAST(LAST_EXECUTED AS CHAR) AS last_executed, TIME_ZONE AS zone
  FROM information_schema.EVENTS WHERE EVENT_SCHEMA ${own}
    AND (STATUS <> 'ENABLED' OR @@GLOBAL.event_scheduler <> 'ON') LIMIT 200`;

const lookedAtSchema = z.object({
  schema_name: z.string(),
  name: z.string(),
  kind: z.string(),
  engine: z.string().nullable(),
  row_count: z.coerce.number().nullable(),
  detail: z.string().nullable(),
});
const eventSchema = z.object({
  schema_name: z.string(),
  name: z.string(),
  status: z.string(),
  scheduler: z.string(),
  last_executed: z.string().nullable(),
  zone: z.string(),
});

export const mysqlObjects = defineProbe({
  ...mysqlObjectsRows,
  spec: ["P34"],
  title: "Which views, tables and events are broken or do not run?",
  engines: ["mysql", "mariadb"],
  tier: "health",
  cost: `Lists the tables (MariaDB reads the definition of each), then opens up to ${maxObjects} views and tables that are not InnoDB's.`,
  needs: [visible],
  maxRows: 200,
  source: "https://dev.mysql.com/doc/refman/8.4/en/information-schema-tables-table.html",
  statements: () => [{ sql: sightSql }, { sql: candidatesSql }, { sql: eventsSql }],
  follow: ([, candidates = []], { server }) => lookInto(candidates, server),
  read: ([sight = [], , events = [], ...looks]): MysqlObjectRow[] => {
    if (Number(sight[0]?.["seen"]) === 0) {
      throw new SqlError("permission", "ER_ACCESS_DENIED_ERROR", "no schema of an application is visible");
    }
    return [...looks.flat().flatMap(objectOf), ...eventsOf(events)];
  },
});

const broken = /references invalid|crashed|corrupt|incorrect|can't|doesn't exist|not found|unknown/i;

function objectOf(row: SqlRow): MysqlObjectRow[] {
  // A chunk that could not be read, and the answer to SET, are no objects.
  const looked = lookedAtSchema.safeParse(row);
  if (!looked.success) return [];
  const { schema_name, name, kind, engine, row_count, detail } = looked.data;
  // A table's comment is its owner's own; only of one that could not be opened it is the error. MySQL says 0 rows then.
  const unopened = engine === null || !row_count;
  if (!unopened || !broken.test(detail ?? "")) return [];
  const head = { schema: schema_name, name, detail: withoutValues(detail || "the server cannot open it") };
  if (kind === "VIEW") return [{ ...head, kind: "view", problem: "invalid-view", fix: null }];
  const table = mysqlName(schema_name, name);
  return /crashed|corrupt|incorrect/i.test(detail ?? "")
    ? [
        {
          ...head,
          kind: "table",
          problem: "crashed-table",
          fix: `CHECK TABLE ${table}; REPAIR TABLE ${table}`,
        },
      ]
    : [{ ...head, kind: "table", problem: "unreadable-table", fix: null }];
}

function eventsOf(rows: readonly SqlRow[]): MysqlObjectRow[] {
  return z
    .array(eventSchema)
    .parse(rows)
    .map(({ schema_name, name, status, scheduler, last_executed, zone }) => {
      const ran =
        last_executed === null ? "it never ran" : `it last ran at ${last_executed} (time zone ${zone})`;
      const head = { schema: schema_name, name, kind: "event" as const };
      return status === "ENABLED"
        ? {
            ...head,
            problem: "event-scheduler-off",
            detail: `event_scheduler is ${scheduler}; ${ran}`,
            fix: null,
          }
        : { ...head, problem: "disabled-event", detail: `${status}; ${ran}`, fix: null };
    });
}
