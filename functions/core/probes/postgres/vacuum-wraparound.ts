import * as z from "zod";
import { defineProbe } from "../define.ts";
import { postgresVacuumWraparoundRows, usableIds, type WraparoundRow } from "./vacuum-wraparound-rows.ts";

const answerSchema = z.object({
  kind: z.enum(["database", "table"]),
  name: z.string(),
  xid_age: z.number().int(),
  multixact_age: z.number().int(),
  freeze_max_age: z.number().int(),
  multixact_freeze_max_age: z.number().int(),
  bytes: z.number().nullable(),
  toast_of: z.string().nullable(),
  schema: z.string().nullable(),
  owner: z.string().nullable(),
  temporary: z.boolean(),
  closed: z.boolean().nullable(),
});

const option = (name: string): string =>
  `(select min(option_value)::int from pg_options_to_table(c.reloptions) where option_name = '${name}')`;

const sql = `
  with limits as materialized (
    select current_setting('autovacuum_freeze_max_age')::int as xid,
      current_setting('autovacuum_multixact_freeze_max_age')::int as multixact,
      current_setting('block_size')::int as block_size)
  (select 'database' as kind, datname::text as name, age(datfrozenxid) as xid_age, mxid_age(datminmxid) as multixact_age,
    l.xid as freeze_max_age, l.multixact as multixact_freeze_max_age, null::float8 as bytes, null::text as toast_of, null::text as schema,
    null::text as owner, false as temporary,
    not datallowconn as closed
  from pg_database cross join limits l
  order by greatest(age(datfrozenxid), mxid_age(datminmxid)) desc, datname limit 100)
  union all
  select 'table', n.nspname || '.' || c.relname, c.xid_age, c.multixact_age,
    least(l.xid, coalesce(${option("autovacuum_freeze_max_age")}, l.xid)),
    least(l.multixact, coalesce(${option("autovacuum_multixact_freeze_max_age")}, l.multixact)),
    c.relpages::float8 * l.block_size, o.toast_of, coalesce(o.toast_schema, n.nspname)::text,
    pg_get_userbyid(c.relowner)::text, c.relpersistence = 't', null
  from (
    select oid, relnamespace, relname, relkind, relpages, reloptions, relowner, relpersistence, age(relfrozenxid) as xid_age,
      mxid_age(relminmxid) as multixact_age
    from pg_class where relkind in ('r', 'm', 't') and relfrozenxid <> '0'
    order by greatest(age(relfrozenxid), mxid_age(relminmxid)) desc, relpages desc, oid limit 20) as c
    cross join limits l
    join pg_namespace n on n.oid = c.relnamespace
    left join lateral (
      select min(tn.nspname || '.' || t.relname) as toast_of, min(tn.nspname::text) as toast_schema
      from pg_class t join pg_namespace tn on tn.oid = t.relnamespace
      where c.relkind = 't' and t.oid = substring(c.relname from '^pg_toast_([0-9]+)$')::oid) as o on true`;

export const postgresVacuumWraparound = defineProbe({
  ...postgresVacuumWraparoundRows,
  spec: ["P13"],
  title: "How far is it to transaction id wraparound, and which tables are the oldest?",
  engines: ["postgres"],
  tier: "performance",
  cost: "One pass over pg_database and pg_class; linear in the tables.",
  needs: [],
  maxRows: 60,
  source: "https://www.postgresql.org/docs/current/routine-vacuuming.html#VACUUM-FOR-WRAPAROUND",
  statements: () => [{ sql }],
  read: ([answers]): WraparoundRow[] =>
    z
      .array(answerSchema)
      .parse(answers)
      .map((row) => {
        const [xidAge, multixactAge] = [Math.max(0, row.xid_age), Math.max(0, row.multixact_age)];
        return {
          kind: row.kind,
          name: row.name,
          xidAge,
          multixactAge,
          freezeMaxAge: row.freeze_max_age,
          multixactFreezeMaxAge: row.multixact_freeze_max_age,
          percentUsed: (100 * Math.max(xidAge, multixactAge)) / usableIds,
          xidsLeft: Math.max(0, usableIds - xidAge),
          bytes: row.bytes,
          toastOf: row.toast_of,
          schema: row.schema,
          owner: row.owner,
          temporary: row.temporary,
          closed: row.closed,
        };
      }),
});
