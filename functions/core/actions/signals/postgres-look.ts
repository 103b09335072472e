import type { SqlStatement } from "../../ports.ts";
import { postgresAdministrators } from "../../text/rds-administrators.ts";
import { wholeTable } from "../../text/whole-table.ts";
import { params, sameIdle, sameStatement, sameTransaction } from "./postgres-signal.ts";
import type { SessionTarget } from "./session-target.ts";
import type { Looks } from "./signals.ts";

const names = wholeTable.map((mode) => `'${mode}'`).join(", ");
/** Locks that are asked for by name, or are a whole table's. */
const askedFor = `(l.locktype = 'advisory' or l.locktype = 'relation' and l.mode in (${names}))`;

/**
 * Whoever has rows, unless it waits for a row itself: such chains end at the victim, or at somebody who counts here. Whoever
 * waits for a table may wait for somebody else. LOCK TABLE alone takes no transaction id.
 */
const othersHold = `exists (select from pg_stat_activity o where o.datname = a.datname and o.pid not in (a.pid, pg_backend_pid())
    and o.backend_xid is not null and (o.wait_event_type is distinct from 'Lock' or o.wait_event not in ('transactionid', 'tuple'))
    and coalesce(o.xact_start < clock_timestamp() - interval '200 ms', true))
    or exists (select from pg_locks l join pg_stat_activity o on o.pid = l.pid where l.granted and o.datname = a.datname
      and o.pid not in (a.pid, pg_backend_pid()) and o.backend_type <> 'autovacuum worker' and ${askedFor})
    or exists (select from pg_prepared_xacts p where p.database = a.datname)`;

/** For anything that it has, or stands in a queue for. */
const anyoneWaits = `exists (select from pg_locks h join pg_locks w on w.locktype = h.locktype and w.pid <> h.pid and not w.granted
    and (w.database, w.relation, w.page, w.tuple, w.virtualxid, w.transactionid, w.classid, w.objid, w.objsubid)
      is not distinct from (h.database, h.relation, h.page, h.tuple, h.virtualxid, h.transactionid, h.classid, h.objid, h.objsubid)
    where h.pid = a.pid)`;

function look(input: SessionTarget): SqlStatement {
  const { values, param } = params(input.sessionId, input.sessionKey);
  const sql = `select a.pid as "id", a.backend_start = $2::timestamptz as "sameSession",
  ${sameStatement(input, param) ?? "null::boolean"} as "sameStatement",
  ${sameTransaction(input, param)} as "sameTransaction",
  ${sameIdle(input, param) ?? "null::boolean"} as "sameIdle",
  a.usename as "user", nullif(a.application_name, '') as "application",
  case when a.backend_type = 'client backend' then 'client'
       when a.backend_type = 'parallel worker' then 'parallel-worker'
       when a.backend_type = 'autovacuum worker' then 'autovacuum'
       when a.backend_type = 'walsender' or a.backend_type like 'logical replication%' then 'replication'
       else 'system' end as "kind",
  a.backend_type = 'autovacuum worker' and a.query like '%(to prevent wraparound)%' as "wraparound",
  coalesce(r.rolsuper, false) or coalesce(a.usename = 'rdsadmin', false) as "superuser",
  coalesce(a.usesysid in (${postgresAdministrators}), false) as "administrator",
  a.pid = pg_backend_pid() or a.application_name = 'rds-responder' as "own",
  case when a.state in ('active', 'fastpath function call') then 'active' when a.state = 'idle' then 'idle'
       when a.state = 'idle in transaction' then 'idle-in-transaction'
       when a.state = 'idle in transaction (aborted)' then 'idle-in-transaction-aborted' else 'other' end as "state",
  case when a.state = 'idle in transaction (aborted)' then exists (
    select from pg_locks l where l.pid = a.pid and l.granted and l.locktype <> 'advisory') end as "holdsLocks",
  exists (select from pg_locks l where l.pid = a.pid and l.granted and ${askedFor}) as "holdsAdvisory",
  a.backend_xmin is not null and a.state like 'idle in transaction%' as "keepsSnapshot",
  octet_length(a.query) >= pg_size_bytes(current_setting('track_activity_query_size')) - 4 as "cut",
  exists (select from pg_locks h join pg_locks w on w.transactionid = h.transactionid and not w.granted
    where h.pid = a.pid and h.granted and h.locktype = 'transactionid') as "blocks",
  ${anyoneWaits} as "anyoneWaits",
  ${othersHold} as "othersHold",
  a.leader_pid as "leaderId", a.wait_event_type || '/' || a.wait_event as "waitEvent", a.query as "query",
  pg_has_role('pg_read_all_stats', 'usage') as "visible", null as "rowsModified", false as "dying"
from pg_stat_activity a left join pg_roles r on r.oid = a.usesysid
where a.pid = $1`;
  return { sql, params: values };
}

/**
 * Through a view it may have leased rows (FOR UPDATE SKIP LOCKED), and what it did to a foreign table may stand. The
 * server's own views are everybody's.
 */
const usesViews = `exists (select from pg_locks u join pg_class c on c.oid = u.relation
      join pg_namespace n on n.oid = c.relnamespace
    where u.pid = a.pid and u.locktype = 'relation' and u.database = a.datid and c.relkind in ('v', 'f')
      and n.nspname not in ('pg_catalog', 'information_schema'))`;

/**
 * Its schema of temporary tables has the number that its virtual transaction has, and is looked into from its own
 * database only. What its open transaction has created is not seen, and is part of what rolls back.
 * https://www.postgresql.org/docs/current/view-pg-locks.html
 */
const temporary = `select case when a.datname = current_database() and v.number is not null then exists (
    select from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'pg_temp_' || v.number) end as "holdsTemporary",
  case when a.datname = current_database() then ${usesViews} end as "usesViews"
from pg_stat_activity a left join lateral (
  select min(split_part(l.virtualtransaction, '/', 1)) as number from pg_locks l where l.pid = a.pid) v on true
where a.pid = $1`;

export const postgresLooks: Looks = {
  look,
  askAdministrator: () => null,
  askNamedLocks: () => null,
  askTemporary: ({ sessionId }) => ({ sql: temporary, params: [sessionId] }),
  askNotUndone: () => null,
  // PREPARE TRANSACTION takes it from its session.
  askPrepared: () => null,
};
