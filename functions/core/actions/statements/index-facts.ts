import * as z from "zod";
import type { Engine } from "../../contract/target.ts";
import type { DatabaseWorld } from "../define.ts";

const postgresSchema = z.object({
  table: z.string(),
  tableOid: z.coerce.number(),
  owner: z.string(),
  owns: z.boolean(),
  valid: z.boolean(),
  unique: z.boolean(),
  /** The index of a partitioned table, or attached to one. */
  partitioned: z.boolean(),
  replicaIdentity: z.boolean(),
  /** A constraint that stands on it, a foreign key of another table included. */
  constraint: z.string().nullable(),
  /** A foreign key that no other valid index serves. */
  onlyForKey: z.string().nullable(),
  /** Another valid one that forbids as much. */
  twin: z.boolean(),
  /** Whether the index that is to do its work is there, valid, and begins with the same keys. */
  covered: z.boolean(),
  scans: z.coerce.number(),
  /** Who has had a transaction open for over a minute that uses the table. */
  usedBy: z.coerce.number().nullable(),
});
export type PostgresIndexFacts = z.infer<typeof postgresSchema>;

const predicate = (index: string): string => `coalesce(pg_get_expr(${index}.indpred, ${index}.indrelid), '')`;
const expressions = (index: string): string =>
  `coalesce(pg_get_expr(${index}.indexprs, ${index}.indrelid), '')`;
/** NULLS NOT DISTINCT came with 15, and forbids a second null; a deferrable one checks at the end only. */
const nullsOnce = (index: string): string =>
  `coalesce(to_jsonb(${index}) ->> 'indnullsnotdistinct', 'false')::boolean`;
/** Of the keys: column, operator class, collation, order. */
const sameKeys = (): string =>
  ["indkey::int2[]", "indclass::oid[]", "indcollation::oid[]", "indoption::int2[]"]
    .map((part) => `(o.${part})[0:i.indnkeyatts - 1] = (i.${part})[0:i.indnkeyatts - 1]`)
    .join(" and ");
/** Begins with all columns of the foreign key, whatever their order. */
const serves = (index: string): string =>
  `(${index}.indkey::int2[])[0:array_length(k.conkey, 1) - 1] @> k.conkey`;

/** https://www.postgresql.org/docs/current/catalog-pg-index.html */
const sql = `select format('%I.%I', tn.nspname, t.relname) as "table", t.oid::bigint as "tableOid",
  pg_get_userbyid(t.relowner) as owner, pg_has_role(current_user, t.relowner, 'USAGE') as owns,
  i.indisvalid as valid, i.indisunique as "unique", i.indisreplident as "replicaIdentity",
  c.relkind = 'I' or exists (select from pg_catalog.pg_inherits h where h.inhrelid = c.oid) as partitioned,
  (select min(k.conname) from pg_catalog.pg_constraint k where k.conindid = c.oid) as "constraint",
  (select min(k.conname) from pg_catalog.pg_constraint k where k.contype = 'f' and k.conrelid = i.indrelid
    and i.indisvalid and ${serves("i")} and not exists (select from pg_catalog.pg_index o where o.indrelid = i.indrelid
      and o.indexrelid <> i.indexrelid and o.indisvalid and o.indpred is null and ${serves("o")})) as "onlyForKey",
  exists (select from pg_catalog.pg_index o where o.indrelid = i.indrelid and o.indexrelid <> i.indexrelid
    and o.indisvalid and o.indisunique and o.indkey = i.indkey and o.indclass = i.indclass and o.indcollation = i.indcollation
    and ${nullsOnce("o")} >= ${nullsOnce("i")} and o.indimmediate >= i.indimmediate
    and ${predicate("o")} = ${predicate("i")} and ${expressions("o")} = ${expressions("i")}) as twin,
  exists (select from pg_catalog.pg_index o join pg_catalog.pg_class oc on oc.oid = o.indexrelid
    where o.indrelid = i.indrelid and oc.relname = $3 and o.indexrelid <> i.indexrelid and o.indisvalid and oc.relam = c.relam
      and ${sameKeys()}
      and o.indkey::int2[] @> i.indkey::int2[] and ${predicate("o")} = ${predicate("i")}
      and (i.indexprs is null or ${expressions("o")} = ${expressions("i")})) as covered,
  coalesce(pg_stat_get_numscans(c.oid), 0) as scans,
  (select min(a.pid) from pg_catalog.pg_locks l join pg_catalog.pg_stat_activity a on a.pid = l.pid
    where l.locktype = 'relation' and l.relation = t.oid and l.granted and a.pid <> pg_backend_pid()
      and l.database = (select oid from pg_catalog.pg_database where datname = current_database())
      and a.xact_start < now() - interval '60 seconds') as "usedBy"
from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
join pg_catalog.pg_index i on i.indexrelid = c.oid join pg_catalog.pg_class t on t.oid = i.indrelid
join pg_catalog.pg_namespace tn on tn.oid = t.relnamespace
where n.nspname = $1 and c.relname = $2`;

interface Asked {
  readonly schema: string;
  readonly name: string;
  readonly keeps: string | null;
}

/** What speaks for and against dropping it; null when there is no index of that name. */
export async function postgresIndexFacts(
  { session, signal }: DatabaseWorld,
  { schema, name, keeps }: Asked,
): Promise<PostgresIndexFacts | null> {
  const [row] = await session.query({ sql, params: [schema, name, keeps] }, signal);
  return row === undefined ? null : postgresSchema.parse(row);
}

const truth = z.coerce.number().transform((value) => value === 1);
const mysqlSchema = z.object({
  visible: truth,
  unique: truth,
  btree: truth,
  covered: truth,
  onlyForKey: z.string().nullable(),
});
export type MysqlIndexFacts = z.infer<typeof mysqlSchema>;

/**
 * Whether index o begins with the columns of s, narrowed and ordered alike: compared one by one and byte for byte, for a
 * name may hold what a pattern takes for any letter. Only MySQL has keys of expressions.
 */
const beginsWith = (engine: Engine): string => {
  const same = (part: string): string => `CAST(n.${part} AS BINARY) = CAST(k.${part} AS BINARY)`;
  const key = engine === "mysql" ? `(${same("COLUMN_NAME")} OR ${same("EXPRESSION")})` : same("COLUMN_NAME");
  return `NOT EXISTS (SELECT 1 FROM information_schema.STATISTICS k WHERE k.TABLE_SCHEMA = s.TABLE_SCHEMA AND k.TABLE_NAME = s.TABLE_NAME
      AND k.INDEX_NAME = s.INDEX_NAME AND NOT EXISTS (SELECT 1 FROM information_schema.STATISTICS n
        WHERE n.TABLE_SCHEMA = s.TABLE_SCHEMA AND n.TABLE_NAME = s.TABLE_NAME AND n.INDEX_NAME = o.INDEX_NAME
          AND n.SEQ_IN_INDEX = k.SEQ_IN_INDEX AND n.SUB_PART <=> k.SUB_PART AND n.COLLATION <=> k.COLLATION AND ${key}))`;
};
const columnsOf = (index: string): string =>
  `(SELECT COUNT(*) FROM information_schema.STATISTICS c WHERE c.TABLE_SCHEMA = s.TABLE_SCHEMA AND c.TABLE_NAME = s.TABLE_NAME AND c.INDEX_NAME = ${index}.INDEX_NAME)`;

/**
 * A foreign key takes an index that begins with its columns, on both sides; asked by the first column, which is too
 * careful and never too little. https://dev.mysql.com/doc/refman/8.4/en/constraint-foreign-key.html
 */
const forKey = `(SELECT MIN(u.CONSTRAINT_NAME) FROM information_schema.KEY_COLUMN_USAGE u
    WHERE u.REFERENCED_TABLE_NAME IS NOT NULL AND ((u.TABLE_SCHEMA = s.TABLE_SCHEMA AND u.TABLE_NAME = s.TABLE_NAME
        AND u.COLUMN_NAME = s.COLUMN_NAME) OR (u.REFERENCED_TABLE_SCHEMA = s.TABLE_SCHEMA
        AND u.REFERENCED_TABLE_NAME = s.TABLE_NAME AND u.REFERENCED_COLUMN_NAME = s.COLUMN_NAME))
      AND NOT EXISTS (SELECT 1 FROM information_schema.STATISTICS o WHERE o.TABLE_SCHEMA = s.TABLE_SCHEMA
        AND o.TABLE_NAME = s.TABLE_NAME AND o.INDEX_NAME <> s.INDEX_NAME AND o.SEQ_IN_INDEX = 1
        AND o.COLUMN_NAME = s.COLUMN_NAME))`;

/** The same of MySQL and MariaDB. https://mariadb.com/kb/en/ignored-indexes/ */
export async function mysqlIndexFacts(
  { session, signal, target }: DatabaseWorld,
  { schema, table, name, keeps }: Asked & { readonly table: string },
): Promise<MysqlIndexFacts | null> {
  const visible = target.engine === "mariadb" ? "IGNORED = 'NO'" : "IS_VISIBLE = 'YES'";
  const ask = `SELECT s.${visible} AS visible, s.NON_UNIQUE = 0 AS \`unique\`, s.INDEX_TYPE = 'BTREE' AS btree,
  EXISTS (SELECT 1 FROM information_schema.STATISTICS o WHERE o.TABLE_SCHEMA = s.TABLE_SCHEMA AND o.TABLE_NAME = s.TABLE_NAME
    AND o.INDEX_NAME = ? AND o.INDEX_NAME <> s.INDEX_NAME AND o.SEQ_IN_INDEX = 1 AND o.INDEX_TYPE = 'BTREE' AND o.${visible}
    AND ${beginsWith(target.engine)}
    AND (s.NON_UNIQUE = 1 OR (o.NON_UNIQUE = 0 AND ${columnsOf("o")} = ${columnsOf("s")}))) AS covered,
  ${forKey} AS onlyForKey
FROM information_schema.STATISTICS s
WHERE s.TABLE_SCHEMA = ? AND s.TABLE_NAME = ? AND s.INDEX_NAME = ? AND s.SEQ_IN_INDEX = 1`;
  const params = [keeps, schema, table, name];
  const [row] = await session.query({ sql: ask, params }, signal);
  return row === undefined ? null : mysqlSchema.parse(row);
}
