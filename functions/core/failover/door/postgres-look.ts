import * as z from "zod";
import type { Position } from "../../contract/failover-topology.ts";
import { SqlError } from "../../errors.ts";
import type { SqlSession } from "../../ports.ts";
import { ownUsers, type Way } from "./node-way.ts";
import { applicationDatabases, arrayOf, postgresClients, seesSessions } from "./postgres-fence.ts";
import { nothingSaid, type Said } from "./said.ts";

/**
 * Whether a client may write is judged by what stands in its way: recovery, and our fence. A default of read-only that
 * somebody else set is a barrier only where it is the server's own.
 */
const stateSql = `with d as (${applicationDatabases})
select pg_is_in_recovery() as standby,
  (select count(*) from d where not (closed and marked))::int as open_databases,
  (select count(*) from d where closed)::int as closed_databases,
  (select count(*) from d where marked)::int as marked_databases,
  (select count(*) from d)::int as databases,
  (select reset_val = 'on' from pg_settings where name = 'default_transaction_read_only')
    and not exists (select from d where datname = current_database() and read_only) as server_read_only,
  ${seesSessions} as sees,
  (select count(*) from ${postgresClients("$1::text[]")})::int as clients,
  (select extract(epoch from max(clock_timestamp() - a.xact_start))::float8 from pg_stat_activity a
    where a.backend_xid is not null and a.pid <> pg_backend_pid()) as open_seconds`;

const stateSchema = z.object({
  standby: z.boolean(),
  open_databases: z.number(),
  closed_databases: z.number(),
  marked_databases: z.number(),
  databases: z.number(),
  server_read_only: z.boolean().nullable(),
  sees: z.boolean(),
  clients: z.number(),
  open_seconds: z.number().nullable(),
});

/**
 * Of a stream. After a restart a standby has received nothing yet by its own count; what it had then is applied when
 * its startup process waits for more. A receiver that hears nothing asks after half of its time-out; 0: it never does.
 * https://www.postgresql.org/docs/current/functions-admin.html#FUNCTIONS-RECOVERY-INFO-TABLE
 * https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-PG-STAT-WAL-RECEIVER-VIEW
 */
const streamSql = `select
  case when not pg_is_in_recovery() then pg_current_wal_flush_lsn()::text end as written,
  case when pg_is_in_recovery() then coalesce(pg_last_wal_receive_lsn(),
    (select pg_last_wal_replay_lsn() from pg_stat_activity where backend_type = 'startup'
      and wait_event in ('RecoveryWalStream', 'RecoveryRetrieveRetryInterval') limit 1))::text end as received,
  case when pg_is_in_recovery() then pg_last_wal_replay_lsn()::text end as applied,
  case when pg_is_in_recovery() then pg_get_wal_replay_pause_state() end as pause,
  (select setting::float8 / 1000 from pg_settings where name = 'recovery_min_apply_delay') as delay_seconds,
  (select count(*) from pg_stat_wal_receiver)::int as receivers, r.status, r.latest_end_lsn::text as source_written,
  greatest(0, extract(epoch from clock_timestamp() - r.last_msg_receipt_time))::float8 as silent_seconds,
  (select nullif(setting::float8, 0) / 2000 from pg_settings where name = 'wal_receiver_timeout') as every_seconds
from (select 1) one left join pg_stat_wal_receiver r on true`;

const streamSchema = z.object({
  written: z.string().nullable(),
  received: z.string().nullable(),
  applied: z.string().nullable(),
  pause: z.string().nullable(),
  delay_seconds: z.number().nullable(),
  receivers: z.number(),
  status: z.string().nullable(),
  source_written: z.string().nullable(),
  silent_seconds: z.number().nullable(),
  every_seconds: z.number().nullable(),
});

export async function lookAtPostgres(session: SqlSession, way: Way, signal: AbortSignal): Promise<Said> {
  const params = [arrayOf(ownUsers(way))];
  const [row] = await session.query({ sql: stateSql, params }, signal);
  const state = stateSchema.parse(row);
  const fenced = state.databases > 0 && state.open_databases === 0;
  const writable = !state.standby && !fenced && state.closed_databases < state.databases;
  return {
    ...(await streamOf(session, way, state.standby, signal)),
    writable: writable && state.server_read_only !== true,
    readOnly: state.standby || state.server_read_only === true,
    fenced,
    traces: state.marked_databases > 0,
    clients: state.sees ? state.clients : null,
    openTransaction: state.standby || !state.sees ? null : openOf(state.open_seconds),
  };
}

/** PostgreSQL counts no rows of a transaction. */
function openOf(seconds: number | null): Said["openTransaction"] {
  return seconds === null ? { rows: 0, seconds: 0 } : { rows: null, seconds: Math.max(0, seconds) };
}

/** The instances of Aurora share one volume, and its functions of WAL answer with an error. */
async function streamOf(
  session: SqlSession,
  { target }: Way,
  standby: boolean,
  signal: AbortSignal,
): Promise<Said> {
  if (target.flavour === "aurora") return nothingSaid;
  try {
    const [row] = await session.query({ sql: streamSql }, signal);
    const stream = streamSchema.parse(row);
    const { written, received, applied, receivers, status, source_written, silent_seconds, pause } = stream;
    if (!standby) return { ...nothingSaid, written: lsn(written), filtered: false };
    return {
      ...nothingSaid,
      ...{ received: lsn(received), applied: lsn(applied), sourceWritten: lsn(source_written) },
      // A receiver whose status may not be read is there, and whether it receives is not known.
      receiving: receivers === 0 ? false : status === null ? null : status === "streaming",
      ...{ silentSeconds: silent_seconds, heartbeatEverySeconds: stream.every_seconds },
      applying: pause === null ? null : pause === "not paused",
      ...{ delaySeconds: stream.delay_seconds, filtered: false },
    };
  } catch (error) {
    if (error instanceof SqlError && error.kind !== "connection-lost" && error.kind !== "timeout")
      return nothingSaid;
    throw error;
  }
}

function lsn(value: string | null): Position | null {
  return value === null ? null : { kind: "lsn", value };
}
