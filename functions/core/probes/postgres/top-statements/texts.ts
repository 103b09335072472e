import * as z from "zod";
import type { SqlRow } from "../../../ports.ts";
import { ownMarker } from "../../../text/own-marker.ts";
import { postgresIdentifier } from "../../../text/sql-names.ts";
import type { RankedStatement } from "./rank.ts";

const textSchema = z.object({
  key: z.string(),
  query: z.string().nullable(),
  user_name: z.string().nullable(),
  database_name: z.string().nullable(),
  own: z.boolean(),
  opted_out: z.boolean(),
  first_seen: z.string().nullable().default(null),
});
export type StatementText = z.infer<typeof textSchema>;

/** By `textKey`. */
export function statementTexts(rows: readonly SqlRow[] | undefined): ReadonlyMap<string, StatementText> {
  const texts = z.array(textSchema).parse(rows ?? []);
  return new Map(texts.map((text) => [text.key, text]));
}

/**
 * Own is what carries the marker; and, for texts kept since before there was one, what this user asks of the catalogs: on
 * the command line it may be an application's user as well. Ids come from the extension itself and are digits; the schema's name is quoted.
 * stats_since came with PostgreSQL 17: asked for so that older ones answer null. */
export function statementTextsSql(schema: string, ranked: readonly RankedStatement[], texts = true): string {
  const ids = [...new Set(ranked.map(({ entry }) => entry.queryId))].filter((id) => /^-?\d+$/.test(id));
  return `
  select concat_ws('/', s.userid, s.dbid, s.queryid) as key, left(s.query, 4000) as query,
    r.rolname::text as user_name, d.datname::text as database_name,
    coalesce(strpos(s.query, '${ownMarker}') > 0
      or (r.rolname = current_user and s.query ~* '\\ypg_\\w|information_schema|^\\s*(set|show|deallocate) '), false) as own,
    coalesce(strpos(lower(s.query), lower($1)) > 0, false) as opted_out,
    to_jsonb(s) ->> 'stats_since' as first_seen
  from ${postgresIdentifier(schema)}.pg_stat_statements(${texts}) s
    left join pg_roles r on r.oid = s.userid left join pg_database d on d.oid = s.dbid
  where s.queryid in (${ids.join(", ")})`;
}

/** The text is the same whether the statement was called from a function or not. */
export function textKey({ entry }: RankedStatement): string {
  return `${entry.userId}/${entry.databaseId}/${entry.queryId}`;
}

/** The responder sleeps in its own wait profile between the two readings: time of a statement, and nobody's work. */
export function isWaitProfile(text: StatementText | undefined): boolean {
  return text?.query?.includes("pg_stat_clear_snapshot()") ?? false;
}
