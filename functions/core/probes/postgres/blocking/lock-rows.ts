import * as z from "zod";
import { wholeTable } from "../../../text/whole-table.ts";

/**
 * One snapshot of the lock table, narrowed in the server to what somebody waits for, and to little else. Locks of the
 * fast path, most of them, keep nobody waiting: whoever wants a conflicting lock moves them to the shared table first
 * (https://github.com/postgres/postgres/blob/master/src/backend/storage/lmgr/README, "Fast Path Locking"). The columns
 * compared say of nearly every other lock which object it is on, at a fraction of the cost of a key in text; IN keeps
 * the semi-join hashed, hence linear. Tuple locks say which row a wait for a transaction is about, and transaction
 * ids without a pid say which prepared transaction a lock belongs to; who locks or writes rows of a table whose row is
 * waited for may share that row (row-sharers), and the row is of a table that both write (written-by-both), and who has a whole table may have the next. Whose locks they are is joined in memory.
 */
export function postgresLocksSql(major: number): string {
  // Before 14 nothing records when a wait began.
  const waitStarted = major >= 14 ? "date_part('epoch', l.waitstart)" : "null::float8";
  return `
  with l as materialized (
    select * from pg_locks
    where mode <> 'SIReadLock' and (not fastpath or mode in ('RowShareLock', 'RowExclusiveLock'))),
  waiting as materialized (
    select locktype, coalesce(relation, 0) as relation, coalesce(transactionid::text, virtualxid, '') as xid,
      coalesce(objid, 0) as objid
    from l where not granted),
  shared as materialized (
    select relation from l where locktype = 'tuple'
    union
    select h.relation from l w join l h on h.pid = w.pid
    where not w.granted and w.locktype = 'transactionid' and h.locktype = 'relation'
      and h.mode in ('RowShareLock', 'RowExclusiveLock')),
  names as materialized (
    select c.oid, n.nspname || '.' || c.relname as relation_name
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.oid in (select relation from l where not granted or locktype = 'tuple')
      or (c.relkind in ('r', 'p') and c.oid in (select relation from shared)))
  select l.locktype, l.database::text as lock_database, l.relation::text, l.page, l.tuple::int, l.virtualxid,
    l.transactionid::text, l.classid::text, l.objid::text, l.objsubid::int, l.virtualtransaction, l.pid, l.mode,
    l.granted, names.relation_name, d.datname as lock_database_name, d.datname = current_database() as here,
    ${waitStarted} as wait_started
  from l
    left join pg_database d on d.oid = l.database
    left join names
      on names.oid = l.relation and l.database in (0, (select oid from pg_database where datname = current_database()))
  where exists (select from waiting)
    and (not l.granted or l.locktype = 'tuple' or (l.locktype = 'transactionid' and l.pid is null)
      or (l.locktype, coalesce(l.relation, 0), coalesce(l.transactionid::text, l.virtualxid, ''), coalesce(l.objid, 0))
        in (select locktype, relation, xid, objid from waiting)
      or (l.locktype = 'relation' and l.mode in ('RowShareLock', 'RowExclusiveLock')
        and l.relation in (select relation from shared))
      or (l.locktype = 'advisory' and l.granted)
      or (l.locktype = 'relation' and l.mode in (${wholeTable.map((mode) => `'${mode}'`).join(", ")})))`;
}

export const postgresPreparedSql = `
  select transaction::text as xid, gid, owner, database,
    extract(epoch from clock_timestamp() - prepared)::float8 as age_seconds
  from pg_prepared_xacts`;

export const postgresPreparedRowSchema = z.object({
  xid: z.string(),
  gid: z.string(),
  owner: z.string().nullable(),
  database: z.string().nullable(),
  age_seconds: z.number().nullable(),
});
export type PostgresPreparedRow = z.infer<typeof postgresPreparedRowSchema>;

export const postgresLockRowSchema = z.object({
  locktype: z.string(),
  lock_database: z.string().nullable(),
  relation: z.string().nullable(),
  page: z.number().nullable(),
  tuple: z.number().nullable(),
  virtualxid: z.string().nullable(),
  transactionid: z.string().nullable(),
  classid: z.string().nullable(),
  objid: z.string().nullable(),
  objsubid: z.number().nullable(),
  virtualtransaction: z.string(),
  pid: z.number().int().nullable(),
  mode: z.string(),
  granted: z.boolean(),
  relation_name: z.string().nullable(),
  lock_database_name: z.string().nullable(),
  here: z.boolean().nullable(),
  /** Null for what is granted, and before 14. */
  wait_started: z.number().nullable(),
});
export type PostgresLockRow = z.infer<typeof postgresLockRowSchema>;
