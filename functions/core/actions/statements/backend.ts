import * as z from "zod";
import type { SqlStatement } from "../../ports.ts";
import { ownMarker } from "../../text/own-marker.ts";
import type { DatabaseWorld } from "../define.ts";

/** The server's process or thread in which a statement runs; with `since` it is not mistaken for a later one. */
export const backendSchema = z.object({
  id: z.coerce.number(),
  since: z.string(),
  /** Names of leftovers of others that were there when it began. */
  before: z.array(z.string()).default([]),
  /** What the object was like, where only a difference proves that something was done. */
  mark: z.string().nullable().default(null),
  /** Begun by an attempt before: what the object was like when that began is not known. */
  found: z.boolean().default(false),
  /** What it makes, by what nothing else has; null: that was not seen while it was at work. */
  made: z.string().nullable().default(null),
  undo: z.object({ actionId: z.string(), input: z.json() }).nullable().default(null),
});
export type Backend = z.infer<typeof backendSchema>;

const shownLength = 900;

/**
 * The same statement of the same user, begun by an order whose function died. PostgreSQL shows the beginning of it, of
 * every database: what is set for a role or a database is the same from each, any other object is another one.
 * https://www.postgresql.org/docs/current/runtime-config-statistics.html#GUC-TRACK-ACTIVITY-QUERY-SIZE
 */
export async function findBegun(world: DatabaseWorld, sql: string): Promise<Backend | null> {
  const text = `${ownMarker} ${sql}`;
  const anywhere = /^alter (role|database)\b/i.test(sql);
  const ask: SqlStatement =
    world.target.engine === "postgres"
      ? {
          sql: `select pid as id, backend_start::text as since from pg_catalog.pg_stat_activity
where state = 'active' and pid <> pg_backend_pid() and usename = current_user and left(query, ${shownLength}) = $1${anywhere ? "" : " and datname = current_database()"} limit 1`,
          params: [text.slice(0, shownLength)],
        }
      : {
          sql: `SELECT ID AS id, '' AS since FROM information_schema.PROCESSLIST
WHERE COMMAND <> 'Sleep' AND ID <> CONNECTION_ID() AND INFO = ? LIMIT 1`,
          params: [text],
        };
  const [row] = await world.session.query(ask, world.signal);
  return row === undefined ? null : backendSchema.parse(row);
}

/** This connection, by which the statement is found again. */
export async function startingPoint(world: DatabaseWorld): Promise<Backend> {
  const ask =
    world.target.engine === "postgres"
      ? "select pid as id, backend_start::text as since from pg_catalog.pg_stat_activity where pid = pg_backend_pid()"
      : "SELECT CONNECTION_ID() AS id, '' AS since";
  const [row] = await world.session.query({ sql: ask }, world.signal);
  return backendSchema.parse(row);
}

const progressSchema = z.object({
  doing: z.string().nullable(),
  percent: z.coerce.number().nullable(),
});

/**
 * How far it is, as it follows "it goes on"; null when it has ended.
 * https://www.postgresql.org/docs/current/progress-reporting.html
 * https://dev.mysql.com/doc/refman/8.4/en/monitor-alter-table-performance-schema.html
 * https://mariadb.com/kb/en/progress-reporting/
 */
export async function howFar(
  world: DatabaseWorld,
  { id, since }: Pick<Backend, "id" | "since">,
): Promise<string | null> {
  const [row] = await world.session.query(progressOf(world, { id, since }), world.signal);
  if (row === undefined) return null;
  const { doing, percent } = progressSchema.parse(row);
  const share = percent === null || percent <= 0 ? "" : `, ${Math.round(percent)} % of it done`;
  return `${doing === null || doing === "" ? "" : ` (${doing}${share})`}`;
}

function progressOf(world: DatabaseWorld, { id, since }: Pick<Backend, "id" | "since">): SqlStatement {
  switch (world.target.engine) {
    case "postgres":
      return { sql: postgresProgress, params: [id, since] };
    case "mysql":
      return { sql: mysqlProgress, params: [id] };
    case "mariadb":
      return { sql: mariadbProgress, params: [id] };
    default:
      return world.target.engine satisfies never;
  }
}

const postgresProgress = `select coalesce(i.phase, v.phase, c.phase) as doing,
  case when i.blocks_total > 0 then 100.0 * i.blocks_done / i.blocks_total
       when v.heap_blks_total > 0 then 100.0 * v.heap_blks_scanned / v.heap_blks_total end as percent
from pg_catalog.pg_stat_activity a
left join pg_catalog.pg_stat_progress_create_index i on i.pid = a.pid
left join pg_catalog.pg_stat_progress_vacuum v on v.pid = a.pid
left join pg_catalog.pg_stat_progress_cluster c on c.pid = a.pid
where a.pid = $1 and a.backend_start::text = $2 and a.state = 'active'`;

const mysqlProgress = `SELECT p.STATE AS doing, (SELECT 100 * s.WORK_COMPLETED / NULLIF(s.WORK_ESTIMATED, 0)
    FROM performance_schema.events_stages_current s JOIN performance_schema.threads t ON t.THREAD_ID = s.THREAD_ID
    WHERE t.PROCESSLIST_ID = p.ID LIMIT 1) AS percent
FROM information_schema.PROCESSLIST p WHERE p.ID = ? AND p.COMMAND <> 'Sleep'`;

const mariadbProgress = `SELECT STATE AS doing, PROGRESS AS percent FROM information_schema.PROCESSLIST
WHERE ID = ? AND COMMAND <> 'Sleep'`;
