import * as z from "zod";
import { postgresIdentifier, postgresName } from "../../text/sql-names.ts";
import type { DatabaseWorld } from "../define.ts";
import { refuse } from "../signals/refuse.ts";
import type { Check } from "../steps.ts";

/** A table, index or materialized view by its name, as an order names it. */
export const objectInputSchema = z.strictObject({ schema: z.string().min(1), name: z.string().min(1) });
export type ObjectInput = z.infer<typeof objectInputSchema>;

/** As the acting statement names it: in quotes where they are needed, so that no name is anything but a name. */
export function quoted({ schema, name }: ObjectInput): string {
  return postgresName(schema, name);
}

const objectSchema = z.object({
  kind: z.string(),
  owner: z.string(),
  /** What the acting user may do with it: everything, VACUUM and the like, or nothing. */
  owns: z.boolean(),
  maintains: z.boolean(),
  valid: z.boolean().nullable(),
  bytes: z.coerce.number(),
  /** The table that it is, or that it is an index of. */
  table: z.string(),
  table_oid: z.coerce.number(),
});
export type PostgresObject = z.infer<typeof objectSchema>;

/** MAINTAIN came with 17. https://www.postgresql.org/docs/17/ddl-priv.html */
const maintains = (major: number): string =>
  major >= 17
    ? "has_table_privilege(current_user, t.oid, 'MAINTAIN')"
    : "pg_has_role(current_user, t.relowner, 'USAGE')";

/** The object as it is now; null when there is none of that name. */
export async function lookAtObject(
  { session, signal }: DatabaseWorld,
  { schema, name }: ObjectInput,
): Promise<PostgresObject | null> {
  const sql = `select c.relkind as kind, pg_get_userbyid(t.relowner) as owner, i.indisvalid as valid,
  pg_has_role(current_user, t.relowner, 'USAGE') as owns,
  ${maintains(session.server.major)} or pg_has_role(current_user, d.datdba, 'USAGE') as maintains,
  pg_relation_size(c.oid) as bytes, format('%I.%I', tn.nspname, t.relname) as "table", t.oid::bigint as table_oid
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
left join pg_catalog.pg_index i on i.indexrelid = c.oid
join pg_catalog.pg_class t on t.oid = coalesce(i.indrelid, c.oid)
join pg_catalog.pg_namespace tn on tn.oid = t.relnamespace
join pg_catalog.pg_database d on d.datname = current_database()
where n.nspname = $1 and c.relname = $2`;
  const [row] = await session.query({ sql, params: [schema, name] }, signal);
  return row === undefined ? null : objectSchema.parse(row);
}

export function noSuchObject(input: ObjectInput): Check {
  return refuse(
    "no-such-object",
    `There is no ${quoted(input)} in this database any more, or not yet.`,
    "Nothing to release: the next assessment proposes anew.",
  );
}

/** Its partitions are what is built on and vacuumed, one by one. */
export function partitioned({ table }: PostgresObject): Check {
  return refuse(
    "partitioned-table",
    `${table} is partitioned: this is done to each of its partitions, and to none of them by its name.`,
    "Name a partition. An index: CONCURRENTLY on each partition, then on the parent with ON ONLY, and attach them.",
  );
}

export function mayNot(
  what: string,
  { owner, table }: Pick<PostgresObject, "owner" | "table">,
  alsoMaintain: boolean,
): Check {
  const maintain = alsoMaintain ? ", or on PostgreSQL 17 and later GRANT pg_maintain TO the acting user" : "";
  return refuse(
    "grant-missing",
    `The acting user may not ${what} ${table}, which belongs to ${owner}.`,
    `GRANT ${postgresIdentifier(owner)} TO the acting user${maintain}; or ${owner} runs the statement that is shown.`,
  );
}

/**
 * Who is at work on the table so that it would have to be waited for: VACUUM, autovacuum against wraparound, another
 * build. Null when nobody is. https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-TABLES
 */
export async function busyWith(
  { session, signal }: DatabaseWorld,
  { table, table_oid }: Pick<PostgresObject, "table" | "table_oid">,
): Promise<Check | null> {
  const sql = `select a.pid, a.backend_type as type, left(a.query, 80) as query from pg_catalog.pg_locks l
join pg_catalog.pg_stat_activity a on a.pid = l.pid
where l.locktype = 'relation' and l.database = (select oid from pg_catalog.pg_database where datname = current_database())
  and l.relation = $1::bigint and l.granted and l.pid <> pg_backend_pid()
  and l.mode in ('ShareUpdateExclusiveLock', 'ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock') limit 1`;
  const [row] = await session.query({ sql, params: [table_oid] }, signal);
  if (row === undefined) return null;
  return refuse(
    "object-busy",
    `Session ${String(row["pid"])} (${String(row["type"])}: ${String(row["query"])}) is at work on ${table}, and it would have to be waited for.`,
    "Lifts by itself when that has ended.",
  );
}

/**
 * What a concurrent build would have to wait for, in this database: whoever may still see the table as it was.
 * https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY
 */
export async function longTransaction(
  { session, signal }: DatabaseWorld,
  overSeconds = 60,
): Promise<Check | null> {
  const sql = `select pid, extract(epoch from now() - xact_start)::int as seconds from pg_catalog.pg_stat_activity
where datname = current_database() and pid <> pg_backend_pid() and xact_start < now() - $1::float8 * interval '1 second'
  and backend_type = 'client backend' order by xact_start limit 1`;
  const [row] = await session.query({ sql, params: [overSeconds] }, signal);
  if (row === undefined) return null;
  return refuse(
    "long-transaction",
    `Session ${String(row["pid"])} has a transaction open for ${String(row["seconds"])} s: a concurrent build waits for it, and holds vacuum back meanwhile.`,
    "Lifts by itself when that transaction has ended.",
  );
}
