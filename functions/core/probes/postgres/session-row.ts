import * as z from "zod";
import type { Session } from "../../contract/session.ts";
import { shownQuery } from "../../text/normalise-query.ts";
import { postgresAdministrators } from "../../text/rds-administrators.ts";
import type { ProbeContext } from "../define.ts";

/** Beyond this a statement is only searched for the opt-out comment, by the server. */
const readLength = 4000;

/**
 * Columns of pg_stat_activity `a` and pg_roles `r` that make a session; $1 is the opt-out comment. The comment is
 * looked for in the whole text here, because only its beginning is sent.
 */
export const postgresSessionColumns = `
    a.pid as id, a.backend_start::text as session_key,
    a.query_start::text || ' ' || md5(a.query) as statement_key,
    a.usename as user_name, nullif(a.application_name, '') as application, host(a.client_addr) as client,
    a.datname as database_name, a.backend_type, a.leader_pid, a.state,
    coalesce(r.rolsuper, false) or coalesce(a.usename = 'rdsadmin', false) as superuser,
    a.state_change::text as state_since,
    coalesce(a.usesysid in (${postgresAdministrators}), false) as administrator,
    a.pid = pg_backend_pid() or a.application_name = 'rds-responder' as own,
    extract(epoch from clock_timestamp() - a.state_change)::float8 as state_seconds,
    extract(epoch from clock_timestamp() - a.xact_start)::float8 as transaction_seconds,
    extract(epoch from clock_timestamp() - a.query_start)::float8 as statement_seconds,
    extract(epoch from clock_timestamp() - a.backend_start)::float8 as session_seconds,
    a.wait_event_type || '/' || a.wait_event as wait_event, left(a.query, ${readLength}) as query,
    coalesce(strpos(lower(a.query), lower($1)) > 0, false) as opted_out`;

export const postgresSessionRowSchema = z.object({
  id: z.number().int(),
  session_key: z.string(),
  statement_key: z.string().nullable(),
  user_name: z.string().nullable(),
  application: z.string().nullable(),
  client: z.string().nullable(),
  database_name: z.string().nullable(),
  backend_type: z.string().nullable(),
  leader_pid: z.number().int().nullable(),
  state: z.string().nullable(),
  superuser: z.boolean(),
  administrator: z.boolean(),
  state_since: z.string().nullable(),
  own: z.boolean(),
  state_seconds: z.number().nullable(),
  transaction_seconds: z.number().nullable(),
  statement_seconds: z.number().nullable(),
  session_seconds: z.number().nullable(),
  wait_event: z.string().nullable(),
  query: z.string().nullable(),
  opted_out: z.boolean(),
});
type PostgresSessionRow = z.infer<typeof postgresSessionRowSchema>;

export function postgresSession(row: PostgresSessionRow, { settings }: ProbeContext): Session {
  const kind = kindOf(row.backend_type);
  const state = stateOf(row.state);
  const shown = {
    dialect: "postgres",
    queryText: settings.probing.queryText,
    optOutComment: settings.policy.optOutComment,
    optedOut: row.opted_out,
  } as const;
  return {
    id: row.id,
    sessionKey: row.session_key,
    statementKey: row.statement_key,
    user: row.user_name,
    application: row.application,
    client: row.client,
    database: row.database_name,
    kind,
    wraparound: kind === "autovacuum" && (row.query?.includes("(to prevent wraparound)") ?? false),
    superuser: row.superuser,
    administrator: row.administrator,
    own: row.own,
    state,
    stateSeconds: age(row.state_seconds),
    stateSince: row.state_since,
    transactionSeconds: age(row.transaction_seconds),
    statementSeconds: state === "active" ? age(row.statement_seconds) : null,
    sessionSeconds: age(row.session_seconds),
    waitEvent: row.wait_event,
    query: row.query ? shownQuery(row.query, shown) : null,
    leaderId: kind === "parallel-worker" ? row.leader_pid : null,
    rowsModified: null,
  };
}

const states: Readonly<Record<string, Session["state"]>> = {
  active: "active",
  "fastpath function call": "active",
  idle: "idle",
  "idle in transaction": "idle-in-transaction",
  "idle in transaction (aborted)": "idle-in-transaction-aborted",
};

function stateOf(state: string | null): Session["state"] {
  return (state === null ? undefined : states[state]) ?? "other";
}

/** https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-PG-STAT-ACTIVITY-VIEW */
function kindOf(backendType: string | null): Session["kind"] {
  if (backendType === "client backend") return "client";
  if (backendType === "parallel worker") return "parallel-worker";
  if (backendType === "autovacuum worker") return "autovacuum";
  if (backendType === "walsender" || backendType?.startsWith("logical replication")) return "replication";
  return "system";
}

/** The server's clock moves between two columns of one row; a negative age is none. Milliseconds are enough. */
function age(seconds: number | null): number | null {
  return seconds === null ? null : Math.max(0, Math.round(seconds * 1000) / 1000);
}
