import * as z from "zod";
import { defineProbe } from "../define.ts";
import { postgresRelationLocksRows, type RelationLocksRow } from "./relation-locks-rows.ts";

/** As many as a session has fast-path slots for up to 17, and with its own default from 18 on a quarter of them. */
const many = 16;

const sql = `
  with held as materialized (
    select pid, relation, fastpath from pg_locks
    where locktype = 'relation' and granted and pid <> pg_backend_pid()
      and database = (select oid from pg_database where datname = current_database())),
  crowded as (select pid from held group by pid having count(*) > ${many}),
  named as (
    select h.pid, h.relation, h.fastpath, x.indexrelid is not null as index,
      coalesce(pg_partition_root(coalesce(x.indrelid, h.relation)), x.indrelid, h.relation) as root
    from held h join crowded using (pid) left join pg_index x on x.indexrelid = h.relation)
  select n.nspname || '.' || c.relname as table,
    count(distinct relation) filter (where not index)::int as tables,
    count(distinct relation) filter (where index)::int as indexes, count(distinct pid)::int as sessions,
    max(per_session)::int as "mostPerSession", count(*) filter (where not fastpath)::int as "throughLockTable"
  from (select *, count(*) over (partition by pid, root) as per_session from named) as locked
    join pg_class c on c.oid = root join pg_namespace n on n.oid = c.relnamespace
  where n.nspname not in ('pg_catalog', 'information_schema')
  group by 1 order by "throughLockTable" desc, 1 limit 10`;

export const postgresRelationLocks = defineProbe({
  ...postgresRelationLocksRows,
  spec: ["P4", "P6"],
  title: "Do statements lock so many partitions and indexes that the lock table is crowded?",
  engines: ["postgres"],
  tier: "performance",
  cost: "One pass over pg_locks, in memory; linear in the locks.",
  needs: [],
  maxRows: 10,
  source: "https://www.postgresql.org/docs/current/view-pg-locks.html",
  statements: () => [{ sql }],
  read: ([rows]): RelationLocksRow[] => z.array(postgresRelationLocksRows.row).parse(rows ?? []),
});
