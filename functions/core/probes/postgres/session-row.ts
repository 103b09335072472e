import * as z from "zod";
import type { Session } from "../../contract/session.ts";
import type { SqlRow } from "../../ports.ts";
import { shownQuery } from "../../text/normalise-query.ts";
import { postgresAdministrators } from "../../text/rds-administrators.ts";
import type { ProbeContext, ProbeStatement } from "../define.ts";
import {
  encodingHereSql,
  escapedTextSql,
  isLegibleSql,
  legibleTextSql,
  notAllLegible,
} from "./legible-text.ts";
import { requireSight } from "./sight.ts";

/** Beyond this a statement is only searched for the opt-out comment, by the server. */
export const readLength = 4000;
/** Most of a large pool is idle, and is only counted; who keeps a lock is asked for the rest of its text. */
export const readLengthIdle = 1000;

/**
 * Every session, in one pass over pg_stat_activity. The opt-out comment $1 is looked for in the whole text here,
 * because only its beginning is sent. All ages are as of the statement's start: by a clock that moves on they would
 * not compare. What to sort, group and leave out is decided in memory, so that one answer serves every probe.
 */
const sqlOf = (query: string): string => `
  with now as materialized (select date_part('epoch', statement_timestamp()) as seconds)
  select
    a.pid as id, a.backend_start::text as session_key,
    a.query_start::text || ' ' || md5(a.query) as statement_key,
    a.usename as user_name, nullif(a.application_name, '') as application, host(a.client_addr) as client,
    a.datname as database_name, a.backend_type, a.leader_pid, a.state,
    coalesce(r.rolsuper, false) or coalesce(a.usename = 'rdsadmin', false) as superuser,
    a.state_change::text as state_since,
    coalesce(a.usesysid in (${postgresAdministrators}), false) as administrator,
    a.pid = pg_backend_pid() or a.application_name = 'rds-responder' as own,
    now.seconds - date_part('epoch', a.state_change) as state_seconds,
    now.seconds - date_part('epoch', a.xact_start) as transaction_seconds,
    now.seconds - date_part('epoch', a.query_start) as statement_seconds,
    now.seconds - date_part('epoch', a.backend_start) as session_seconds,
    a.xact_start = a.query_start as autocommit,
    a.backend_xmin is not null and a.state like 'idle in transaction%' as keeps_snapshot,
    octet_length(a.query) >= pg_size_bytes(current_setting('track_activity_query_size')) - 4
      or length(legible.query) > case a.state when 'idle' then ${readLengthIdle} else ${readLength} end as cut,
    a.wait_event_type || '/' || a.wait_event as wait_event,
    left(legible.query, case a.state when 'idle' then ${readLengthIdle} else ${readLength} end) as query,
    ${isLegibleSql("legible.query", "a.query")} as legible,
    coalesce(strpos(lower(legible.query), lower($1)) > 0, false) as opted_out,
    now.seconds as at_seconds,
    (select pg_has_role('pg_read_all_stats', 'usage')) as sees_all
  from pg_stat_activity a left join pg_roles r on r.oid = a.usesysid left join pg_database d on d.oid = a.datid
    cross join ${encodingHereSql} as here cross join now cross join lateral (select ${query} as query) as legible`;

const sql = sqlOf(legibleTextSql({ text: "a.query", encoding: "d.encoding", here: "here" }));
/** Where bytes of the same encoding are not of that encoding either: SQL_ASCII takes whatever comes. */
const escapedSql = sqlOf(escapedTextSql({ text: "a.query", here: "here" }));

/** The same text and parameters for whoever asks: within one look it is sent once. */
export function postgresSessionsStatement({ settings }: ProbeContext): ProbeStatement {
  const params = [settings.policy.optOutComment];
  return { sql, params, instead: { of: "22021", send: { sql: escapedSql, params } } };
}

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
  /** Null: the session is hidden from us. */
  administrator: z.boolean().nullable(),
  state_since: z.string().nullable(),
  own: z.boolean(),
  state_seconds: z.number().nullable(),
  transaction_seconds: z.number().nullable(),
  statement_seconds: z.number().nullable(),
  session_seconds: z.number().nullable(),
  /** Whether the transaction began with its statement; a driver that parses first begins it a moment before. */
  autocommit: z.boolean().nullable().default(null),
  keeps_snapshot: z.boolean().nullable().default(null),
  cut: z.boolean().nullable().default(null),
  wait_event: z.string().nullable(),
  query: z.string().nullable(),
  /** False when some of it is in bytes that could not be read as text. */
  legible: z.boolean().default(true),
  opted_out: z.boolean(),
  at_seconds: z.number(),
});
export type PostgresSessionRow = z.infer<typeof postgresSessionRowSchema>;

/** Throws SqlError "permission" when other users' sessions are hidden: half-blank rows would pass for an answer. */
export function postgresSessionRows(answer: readonly SqlRow[] | undefined): PostgresSessionRow[] {
  requireSight(answer);
  return z.array(postgresSessionRowSchema).parse(answer);
}

export function postgresSession(row: PostgresSessionRow, { settings }: ProbeContext): Session {
  const kind = kindOf(row.backend_type);
  const state = postgresSessionState(row.state);
  const shown = {
    dialect: "postgres",
    queryText: settings.probing.queryText,
    optOutComment: settings.policy.optOutComment,
    optedOut: row.opted_out,
  } as const;
  const text = row.query ? shownQuery(row.query, shown) : null;
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
    query: row.legible ? text : notAllLegible(text, shown.optOutComment),
    leaderId: kind === "parallel-worker" ? row.leader_pid : null,
    rowsModified: null,
    ...(row.cut === true ? { cut: true as const } : {}),
    ...(row.keeps_snapshot === true ? { keepsSnapshot: true as const } : {}),
    ...(state === "active" && row.autocommit !== null ? { autocommit: row.autocommit } : {}),
  };
}

const states: Readonly<Record<string, Session["state"]>> = {
  active: "active",
  "fastpath function call": "active",
  idle: "idle",
  "idle in transaction": "idle-in-transaction",
  "idle in transaction (aborted)": "idle-in-transaction-aborted",
};

export function postgresSessionState(state: string | null): Session["state"] {
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
