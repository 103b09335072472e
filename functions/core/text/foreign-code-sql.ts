import { calmExtensions } from "./calm-extensions.ts";

/**
 * Common table expressions, for WITH RECURSIVE, of code that is not the server's own and of what leads to it, by the
 * catalogue's own dependencies. https://www.postgresql.org/docs/current/catalog-pg-depend.html
 *
 * `code`: such functions and whatever is made of them, save relations. `bars`: what of it runs without being named (an
 * operator is LIKE, IN and ORDER BY; a domain hides in an array, a range in an estimate), so that no text is safe.
 * `leads`: relations that run it by a view, index, constraint, policy, default, part or expression's statistics, and what
 * reads these. An extension is no excuse: who owns one can add own functions to it. Superusers' are superuser-owned.
 *
 * `reach`: functions that run or read what their argument names, which no dependency tells: for what is the server's own
 * (query_to_xml) none is kept at all, so that the expressions themselves are searched for the numbers of these
 * functions. What a superuser wrote may call anything by its text, and is foreign like the rest. A foreign table's plan
 * may ask a stranger's server. What somebody makes over them (`over_reach`) is code that was made; what an extension's
 * own script makes of its own is not. https://www.postgresql.org/docs/current/functions-xml.html#FUNCTIONS-XML-MAPPING
 */
export const foreignCodeTables = `member (oid, extension) as (
    select d.objid, e.extname from pg_catalog.pg_depend d join pg_catalog.pg_extension e on e.oid = d.refobjid
    where d.classid = 'pg_catalog.pg_proc'::regclass and d.refclassid = 'pg_catalog.pg_extension'::regclass
      and d.deptype = 'e'),
  reach (oid) as materialized (
    select p.oid from pg_catalog.pg_proc p where p.pronamespace = 'pg_catalog'::regnamespace
      and (p.proname ~ '^(table|query|cursor|schema|database)_to_xml'
        or p.proname in ('ts_stat', 'pg_input_is_valid', 'pg_input_error_info')
        or p.proname = 'ts_rewrite' and p.pronargs = 2)
    union all
    select p.oid from member m join pg_catalog.pg_proc p on p.oid = m.oid
      join pg_catalog.pg_language l on l.oid = p.prolang
    -- What is volatile is never run while planning.
    where p.provolatile <> 'v' and not 'internal'::regtype = any(p.proargtypes::oid[]) and (l.lanname not in ('internal', 'c', 'sql')
      or m.extension not in (${calmExtensions.map((name) => `'${name}'`).join(", ")})
      -- A number, a time or a shape names nothing; a text, an oid or any element may.
      and exists (select from unnest(p.proargtypes::oid[]) a join pg_catalog.pg_type t on t.oid = a
        where t.oid < 16384 and not (t.typcategory in ('B', 'D', 'G', 'I', 'T', 'V')
          or t.typcategory = 'N' and t.typname !~ '^(oid|reg)')))),
  held (pattern) as materialized (
    select ':(opfunc|func|aggfno|winfno)id (' || string_agg(oid::text, '|') || ') ' from reach),
  over_reach (class, oid, owner) as (
    select 'pg_catalog.pg_operator'::regclass::oid, o.oid, o.oprowner from pg_catalog.pg_operator o
      where o.oprcode in (select oid from reach)
    union all select 'pg_catalog.pg_proc'::regclass, p.oid, p.proowner
      from pg_catalog.pg_aggregate a join pg_catalog.pg_proc p on p.oid = a.aggfnoid
      where exists (select from reach where reach.oid in (a.aggtransfn, a.aggfinalfn, a.aggcombinefn, a.aggserialfn,
        a.aggdeserialfn, a.aggmtransfn, a.aggminvtransfn, a.aggmfinalfn))
    -- A cast has no owner: who makes one owns a type of it.
    union all select 'pg_catalog.pg_cast'::regclass, c.oid, t.typowner
      from pg_catalog.pg_cast c join pg_catalog.pg_type t on t.oid in (c.castsource, c.casttarget)
      where c.castfunc in (select oid from reach)
    union all select 'pg_catalog.pg_opfamily'::regclass, f.oid, f.opfowner
      from pg_catalog.pg_amproc a join pg_catalog.pg_opfamily f on f.oid = a.amprocfamily
      where a.amproc in (select oid from reach)
    union all select 'pg_catalog.pg_type'::regclass, t.oid, t.typowner
      from pg_catalog.pg_range g join pg_catalog.pg_type t on t.oid = g.rngtypid
      where exists (select from reach where reach.oid in (g.rngsubdiff, g.rngcanonical))),
  code (class, oid, made) as (
    select 'pg_catalog.pg_proc'::regclass::oid, p.oid, false from pg_catalog.pg_proc p
      left join pg_catalog.pg_roles r on r.oid = p.proowner
    where r.rolsuper is not true or (p.oid >= 16384 and p.pronamespace <> 'pg_catalog'::regnamespace
      and p.prolang <> (select l.oid from pg_catalog.pg_language l where l.lanname = 'internal')
      and not exists (select from member m where m.oid = p.oid))
    union all
    select o.class, o.oid, true from over_reach o left join pg_catalog.pg_roles r on r.oid = o.owner
    where r.rolsuper is not true or not exists (select from pg_catalog.pg_depend d
      where d.classid = o.class and d.objid = o.oid and d.deptype = 'e')
    union
    select d.classid, d.objid, true from code c
      join pg_catalog.pg_depend d on d.refclassid = c.class and d.refobjid = c.oid
    where d.classid in ('pg_catalog.pg_proc'::regclass, 'pg_catalog.pg_operator'::regclass,
      'pg_catalog.pg_opclass'::regclass, 'pg_catalog.pg_opfamily'::regclass, 'pg_catalog.pg_amop'::regclass,
      'pg_catalog.pg_amproc'::regclass, 'pg_catalog.pg_cast'::regclass, 'pg_catalog.pg_type'::regclass,
      'pg_catalog.pg_constraint'::regclass)),
  bars as (
    select case when k.oid is null then c.class else 'pg_catalog.pg_type'::regclass::oid end as class,
      coalesce(k.contypid, c.oid) as oid from code c
      left join pg_catalog.pg_proc p on c.class = 'pg_catalog.pg_proc'::regclass and p.oid = c.oid
      left join pg_catalog.pg_constraint k on c.class = 'pg_catalog.pg_constraint'::regclass and k.oid = c.oid
    where c.made and (p.oid is null or p.prokind = 'a') and (k.oid is null or k.contypid <> 0)
    union all
    select 'pg_catalog.pg_type'::regclass, k.contypid from pg_catalog.pg_constraint k
    where k.contypid <> 0 and k.conbin::text ~ (select pattern from held)),
  leads (oid, why) as (
    select coalesce(w.ev_class, i.indrelid, k.conrelid, y.polrelid, s.stxrelid, a.adrelid, d.objid), 'name'
    from (select distinct class, oid from code) c
      join pg_catalog.pg_depend d on d.refclassid = c.class and d.refobjid = c.oid
      left join pg_catalog.pg_rewrite w on d.classid = 'pg_catalog.pg_rewrite'::regclass and w.oid = d.objid
      left join pg_catalog.pg_index i on d.classid = 'pg_catalog.pg_class'::regclass and i.indexrelid = d.objid
      left join pg_catalog.pg_constraint k on d.classid = 'pg_catalog.pg_constraint'::regclass and k.oid = d.objid
      left join pg_catalog.pg_policy y on d.classid = 'pg_catalog.pg_policy'::regclass and y.oid = d.objid
      left join pg_catalog.pg_statistic_ext s
        on d.classid = 'pg_catalog.pg_statistic_ext'::regclass and s.oid = d.objid
      left join pg_catalog.pg_attrdef a on d.classid = 'pg_catalog.pg_attrdef'::regclass and a.oid = d.objid
    where d.classid in ('pg_catalog.pg_rewrite'::regclass, 'pg_catalog.pg_class'::regclass,
      'pg_catalog.pg_constraint'::regclass, 'pg_catalog.pg_policy'::regclass,
      'pg_catalog.pg_statistic_ext'::regclass, 'pg_catalog.pg_attrdef'::regclass)
    union
    select e.oid, 'reach' from (
      select w.ev_class as oid, w.ev_action::text as tree from pg_catalog.pg_rewrite w where w.ev_class >= 16384
      union all select y.polrelid, concat_ws(' ', y.polqual, y.polwithcheck) from pg_catalog.pg_policy y
      union all select i.indrelid, concat_ws(' ', i.indexprs, i.indpred) from pg_catalog.pg_index i
        where coalesce(i.indexprs, i.indpred) is not null
      union all select k.conrelid, k.conbin::text from pg_catalog.pg_constraint k where k.conbin is not null
      -- Expressions came with 14.
      union all select s.stxrelid, to_jsonb(s) ->> 'stxexprs' from pg_catalog.pg_statistic_ext s
      union all select a.adrelid, a.adbin::text from pg_catalog.pg_attrdef a
      union all select p.partrelid, p.partexprs::text from pg_catalog.pg_partitioned_table p) e
    where e.tree ~ (select pattern from held)
    union
    select f.ftrelid, 'away' from pg_catalog.pg_foreign_table f
    union
    select reached.oid, l.why from leads l cross join lateral (
      select h.inhparent as oid from pg_catalog.pg_inherits h where h.inhrelid = l.oid
      -- A part is held to its parent's key.
      union all select h.inhrelid from pg_catalog.pg_inherits h where h.inhparent = l.oid and l.why <> 'away'
      union all select coalesce(w.ev_class, y.polrelid) from pg_catalog.pg_depend d
        left join pg_catalog.pg_rewrite w on d.classid = 'pg_catalog.pg_rewrite'::regclass and w.oid = d.objid
        left join pg_catalog.pg_policy y on d.classid = 'pg_catalog.pg_policy'::regclass and y.oid = d.objid
        where d.classid in ('pg_catalog.pg_rewrite'::regclass, 'pg_catalog.pg_policy'::regclass)
          and d.refclassid = 'pg_catalog.pg_class'::regclass and d.refobjid = l.oid) reached)`;

/** One that bars all, by its name: the type rather than what was made with it. */
export const firstBarSql = `select pg_catalog.pg_describe_object(b.class, b.oid, 0) from bars b
    order by b.class <> 'pg_catalog.pg_type'::regclass, 1 limit 1`;
