/**
 * Columns fed by a sequence: by ownership (serial, identity) or by a default that calls nextval. Columns: seqrelid,
 * relation, attribute.
 */
export const fedColumns = `fed as materialized (
    select q.seqrelid, d.refobjid as relation, d.refobjsubid as attribute
    from pg_sequence q join pg_depend d on d.classid = 'pg_class'::regclass and d.objid = q.seqrelid
      and d.refclassid = 'pg_class'::regclass and d.deptype in ('a', 'i') and d.refobjsubid > 0
    union
    select q.seqrelid, f.adrelid, f.adnum
    from pg_attrdef f join pg_depend d on d.classid = 'pg_attrdef'::regclass and d.objid = f.oid
      and d.refclassid = 'pg_class'::regclass
      join pg_sequence q on q.seqrelid = d.refobjid)`;

/** The last number that the pg_type `type` holds, domains over it too; `otherwise` for what is no integer. */
export function lastOfType(type: string, otherwise: string): string {
  return `case coalesce(nullif(${type}.typbasetype, 0), ${type}.oid) when 'int2'::regtype then 32767 when 'int4'::regtype then 2147483647
        when 'int8'::regtype then 9223372036854775807 else ${otherwise} end`;
}

/** Null without a privilege on the sequence, and of one that was never asked. */
export function lastValue(sequence: string): string {
  return `case when has_sequence_privilege(${sequence}, 'USAGE, SELECT') then pg_sequence_last_value(${sequence}) end`;
}
