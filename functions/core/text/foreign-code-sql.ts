/**
 * Common table expressions, for WITH RECURSIVE, of code that is not a superuser's and of what leads to it, by the
 * catalogue's own dependencies. https://www.postgresql.org/docs/current/catalog-pg-depend.html
 *
 * `code`: such functions and whatever is made of them, save relations. `bars`: what of it runs without being named (an
 * operator is LIKE, IN and ORDER BY; a domain hides in an array, a range in an estimate), so that no text is safe.
 * `leads`: relations that run it by a view, index, constraint, policy, default, part or expression's statistics, and what
 * reads these. An extension is no excuse: who owns one can add own functions to it. Superusers' are superuser-owned.
 */
export const foreignCodeTables = `code (class, oid, made) as (
    select 'pg_catalog.pg_proc'::regclass::oid, p.oid, false from pg_catalog.pg_proc p
      left join pg_catalog.pg_roles r on r.oid = p.proowner where r.rolsuper is not true
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
    where c.made and (p.oid is null or p.prokind = 'a') and (k.oid is null or k.contypid <> 0)),
  leads (oid) as (
    select coalesce(w.ev_class, i.indrelid, k.conrelid, y.polrelid, s.stxrelid, a.adrelid, d.objid)
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
    select reached.oid from leads l cross join lateral (
      select h.inhparent as oid from pg_catalog.pg_inherits h where h.inhrelid = l.oid
      -- A part is held to its parent's key.
      union all select h.inhrelid from pg_catalog.pg_inherits h where h.inhparent = l.oid
      union all select coalesce(w.ev_class, y.polrelid) from pg_catalog.pg_depend d
        left join pg_catalog.pg_rewrite w on d.classid = 'pg_catalog.pg_rewrite'::regclass and w.oid = d.objid
        left join pg_catalog.pg_policy y on d.classid = 'pg_catalog.pg_policy'::regclass and y.oid = d.objid
        where d.classid in ('pg_catalog.pg_rewrite'::regclass, 'pg_catalog.pg_policy'::regclass)
          and d.refclassid = 'pg_catalog.pg_class'::regclass and d.refobjid = l.oid) reached)`;

/** One that bars all, by its name: the type rather than what was made with it. */
export const firstBarSql = `select pg_catalog.pg_describe_object(b.class, b.oid, 0) from bars b
    order by b.class <> 'pg_catalog.pg_type'::regclass, 1 limit 1`;
