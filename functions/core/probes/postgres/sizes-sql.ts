/**
 * Relations that a session holds or awaits exclusively. Asking their size would queue behind it, so their size is
 * taken from the last vacuum or analyze instead.
 */
export const lockedRelations = `locked as materialized (
    select distinct l.relation from pg_locks l
    where l.locktype = 'relation' and l.mode = 'AccessExclusiveLock'
      and l.database = (select d.oid from pg_database d where d.datname = current_database()))`;

/** Bytes of the main fork of the relation `oid`, known to have had `pages` pages; `locked` is lockedRelations. */
export function relationBytes(oid: string, pages: string): string {
  return `(case when ${oid} in (select relation from locked) or ${oid} = 0
      then ${pages} * current_setting('block_size')::float8 else pg_relation_size(${oid})::float8 end)`;
}

/** Condition on pg_namespace `n`: what users made. */
export const userSchemas = `n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_(toast|temp)'`;

/** A timestamptz as ISO 8601 in UTC. */
export function isoTime(expression: string): string {
  return `to_char(${expression} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`;
}
