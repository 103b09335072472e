import * as z from "zod";
import type { DatabaseWorld } from "../define.ts";
import { sentNote } from "../sent.ts";
import { type ObjectInput, quoted } from "./postgres-object.ts";

const nameSchema = z.object({ name: z.string() });

/**
 * Invalid indexes that a build of this one has left, by the ending that the server gives them, and that nobody builds
 * now. https://www.postgresql.org/docs/current/sql-reindex.html#SQL-REINDEX-CONCURRENTLY
 */
export async function invalidLike(
  { session, signal }: DatabaseWorld,
  { schema, name }: ObjectInput,
  ending: "_ccnew" | "_ccold" | "",
): Promise<readonly ObjectInput[]> {
  const sql = `select c.relname as name from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
join pg_catalog.pg_index i on i.indexrelid = c.oid
where n.nspname = $1 and not i.indisvalid and pg_has_role(current_user, c.relowner, 'USAGE')
  and c.relname ~ ('^' || regexp_replace($2, '([^[:alnum:]_])', '\\\\\\1', 'g') || $3 || '[0-9]*$')
  and not exists (select 1 from pg_catalog.pg_stat_progress_create_index p where p.relid = i.indrelid)`;
  const base = ending === "" ? name : name.slice(0, 63 - ending.length);
  const rows = await session.query({ sql, params: [schema, base, ending] }, signal);
  const names = rows.map((row) => nameSchema.parse(row).name);
  return names.filter((found) => ending !== "" || found === name).map((found) => ({ schema, name: found }));
}

/** One after the other; says which, or null when there was none. */
export async function dropInvalid(
  { session, signal, note }: DatabaseWorld,
  indexes: readonly ObjectInput[],
): Promise<string | null> {
  if (indexes.length === 0) return null;
  for (const index of indexes) {
    const sql = `DROP INDEX CONCURRENTLY IF EXISTS ${quoted(index)}`;
    note(sentNote(sql));
    await session.query({ sql }, signal);
  }
  return `The invalid index that it left was dropped (${indexes.map(quoted).join(", ")}).`;
}
