import * as z from "zod";
import type { Target } from "../../contract/target.ts";
import type { SqlStatement } from "../../ports.ts";
import { outsideTransaction, transactionAlone } from "../../text/kept-locks-sql.ts";
import { leasesNothing, sinceLastStatement } from "../../text/last-statement-sql.ts";
import { wholeTable } from "../../text/whole-table.ts";
import { type SessionTarget, sessionTargetSchema } from "../signals/session-target.ts";

/** Sessions of one application that have idled for long. Null: that has no name. */
export const idleGroupSchema = z.strictObject({
  user: z.string().min(1),
  application: z.string().min(1).nullable(),
  /** Absent: from wherever. Null: by the local socket. */
  client: z.string().min(1).nullable().exactOptional(),
  state: z.enum(["idle", "idle-in-transaction"]),
  overSeconds: z.number().int().min(1),
  /** No more than so many are ended, those that idle longest. */
  most: z.number().int().min(1).max(100),
});
export type IdleGroup = z.infer<typeof idleGroupSchema>;

/** All there are, whatever they do, except those that began a moment ago. */
export const everyoneSchema = z.strictObject({
  overSeconds: z.number().int().min(5),
  most: z.number().int().min(1).max(1000),
});
export type Everyone = z.infer<typeof everyoneSchema>;

/** More than may be ended: those whom the guards protect are there longest, and would be all that is listed. */
function listed(most: number): number {
  return Math.max(200, most);
}

/** Who is meant, longest first, with what makes each of them unrepeatable. */
export function idleSessions(group: IdleGroup, { engine }: Pick<Target, "engine">): SqlStatement {
  if (engine === "postgres") return postgresIdle(group);
  return mysqlIdle(group, engine === "mariadb");
}

const postgresColumns = `a.pid as id, a.backend_start::text as "sessionKey", a.usename as "user", nullif(a.application_name, '') as application,
  host(a.client_addr) as client, a.datname as database`;
const postgresClients = "a.backend_type = 'client backend' and a.pid <> pg_backend_pid()";

const modes = wholeTable.map((mode) => `'${mode}'`).join(", ");

/**
 * Whoever holds a lock by name or a whole table, listens, or has temporary tables idles on purpose; who leases rows or has
 * a cursor open works elsewhere meanwhile; what a text that was cut says is not known. From 16 on ids of backends are those in the names of their temporary schemas.
 */
function leftAlone(state: IdleGroup["state"]): string {
  const always = `octet_length(a.query) < pg_size_bytes(current_setting('track_activity_query_size')) - 4
    and a.query !~* '\\m(un)?listen\\M' and not exists (select from pg_catalog.pg_locks l where l.pid = a.pid and l.granted
    and (l.locktype = 'advisory' or (l.locktype = 'relation' and l.mode in (${modes}))))
  and (current_setting('server_version_num')::int < 160000 or not exists (select from pg_stat_get_backend_idset() b
    join pg_catalog.pg_namespace n on n.nspname = 'pg_temp_' || b join pg_catalog.pg_class c on c.relnamespace = n.oid
    where pg_stat_get_backend_pid(b) = a.pid))`;
  const leases = `a.query !~* '\\m(skip\\s+locked|nowait|lock|declare|fetch)\\M' and a.backend_xmin is null`;
  return state === "idle" ? always : `${leases} and ${always}`;
}

function postgresIdle({ user, application, client, state, overSeconds, most }: IdleGroup): SqlStatement {
  const states = state === "idle" ? "('idle')" : "('idle in transaction', 'idle in transaction (aborted)')";
  const from = client === undefined ? "" : " and host(a.client_addr) is not distinct from $4";
  return {
    sql: `select ${postgresColumns}, a.query_start::text || ' ' || md5(a.query) as "statementKey", a.state_change::text as "stateSince",
  case a.state when 'idle' then 'idle' when 'idle in transaction' then 'idle-in-transaction' else 'idle-in-transaction-aborted' end as state,
  extract(epoch from clock_timestamp() - a.xact_start)::float8 as "seenTransactionSeconds"
from pg_catalog.pg_stat_activity a where a.usename = $1 and a.application_name = $2 and a.state in ${states} and ${leftAlone(state)}
  and a.state_change < clock_timestamp() - $3::float8 * interval '1 second'${from} and ${postgresClients}
order by a.state_change limit ${listed(most)}`,
    params: [user, application ?? "", overSeconds, ...(client === undefined ? [] : [client])],
  };
}

const program = `(SELECT MAX(c.ATTR_VALUE) FROM performance_schema.session_connect_attrs c
  WHERE c.PROCESSLIST_ID = p.ID AND c.ATTR_NAME = 'program_name')`;
const transaction =
  "(SELECT x.trx_started FROM information_schema.INNODB_TRX x WHERE x.trx_mysql_thread_id = p.ID LIMIT 1)";

/** What is not recorded of an idle transaction's last statement counts as a program at work. */
function mysqlIdle(
  { user, application, client, state, overSeconds, most }: IdleGroup,
  mariadb: boolean,
): SqlStatement {
  const key = mariadb
    ? "p.QUERY_ID"
    : `(SELECT MAX(e.EVENT_ID) FROM performance_schema.events_statements_current e
    JOIN performance_schema.threads t ON t.THREAD_ID = e.THREAD_ID WHERE t.PROCESSLIST_ID = p.ID AND e.NESTING_EVENT_LEVEL = 0)`;
  const since = mariadb ? "NULL" : "CAST(CAST(UNIX_TIMESTAMP() AS SIGNED) - p.TIME AS CHAR)";
  const idle = mariadb
    ? ""
    : ` AND ${state === "idle" ? `COALESCE(${sinceLastStatement}, ${overSeconds})` : sinceLastStatement} >= ${overSeconds}`;
  const from = client == null ? "" : " AND (p.HOST = ? OR LEFT(p.HOST, CHAR_LENGTH(?) + 1) = CONCAT(?, ':'))";
  return {
    sql: `SELECT p.ID AS id, CONCAT(p.USER, '@', p.HOST) AS sessionKey, p.USER AS \`user\`, ${program} AS application, p.HOST AS client, p.DB AS \`database\`,
  CAST(${key} AS CHAR) AS statementKey, ${since} AS stateSince, '${state}' AS state,
  TIMESTAMPDIFF(SECOND, ${transaction}, NOW()) AS seenTransactionSeconds
FROM information_schema.PROCESSLIST p
WHERE p.USER = ? AND ${program} ${application === null ? "IS NULL" : "= ?"} AND p.COMMAND = 'Sleep' AND p.TIME >= ?
  AND ${state === "idle" ? outsideTransaction : transactionAlone}${mariadb || state === "idle" ? "" : ` AND ${leasesNothing}`}${idle}${from} AND p.ID <> CONNECTION_ID()
ORDER BY p.TIME DESC LIMIT ${listed(most)}`,
    params: [
      ...[user, ...(application === null ? [] : [application]), overSeconds],
      ...(client == null ? [] : [client, client, client]),
    ],
  };
}

export function everySession({ overSeconds, most }: Everyone): SqlStatement {
  return {
    sql: `select ${postgresColumns}, null as "statementKey", null as "stateSince", 'other' as state, null as "seenTransactionSeconds"
from pg_catalog.pg_stat_activity a where ${postgresClients} and a.backend_start < clock_timestamp() - $1::float8 * interval '1 second'
order by a.backend_start limit ${listed(most)}`,
    params: [overSeconds],
  };
}

const rowSchema = sessionTargetSchema
  .pick({ sessionKey: true, statementKey: true, state: true, stateSince: true })
  .extend({
    id: z.coerce.number().int(),
    user: z.string().nullable(),
    application: z.string().nullable(),
    client: z.string().nullable(),
    database: z.string().nullable(),
    seenTransactionSeconds: z.coerce.number().nullable(),
  });

/** As terminate-session takes it; what it ran last is not told, which may have values in it. */
export function targetFrom(row: unknown, spares: boolean): SessionTarget {
  const { id, ...session } = rowSchema.parse(row);
  return {
    ...session,
    sessionId: id,
    ...{ query: null, waitEvent: null, rowsModified: null, longestWaitSeconds: null },
    sparesAdministrators: spares,
  };
}
