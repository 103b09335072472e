import * as z from "zod";
import type { DatabaseWorld } from "../define.ts";
import { asShown, definitionOf, isSame, otherThanJudged, textOf, type Was } from "./existing-index.ts";
import type { IndexInput } from "./index-definition.ts";
import { hasMysqlIndex } from "./mysql-object.ts";
import { quoted } from "./postgres-object.ts";

type Named = Pick<IndexInput, "schema" | "table" | "name">;

const oidSchema = z.object({ oid: z.string().nullable() });

/**
 * The index that a build at work makes, by its oid, which no other index has. Null: nothing is made yet, or it is MySQL or
 * MariaDB, which show nothing of the kind.
 * https://www.postgresql.org/docs/current/progress-reporting.html#CREATE-INDEX-PROGRESS-REPORTING
 */
export async function madeBy(
  { session, target, signal }: DatabaseWorld,
  { id, since }: { readonly id: number; readonly since: string },
): Promise<string | null> {
  if (target.engine !== "postgres") return null;
  const sql = `select nullif(p.index_relid::bigint, 0)::text as oid from pg_catalog.pg_stat_progress_create_index p
join pg_catalog.pg_stat_activity a on a.pid = p.pid where a.pid = $1 and a.backend_start::text = $2`;
  const [row] = await session.query({ sql, params: [id, since] }, signal);
  return row === undefined ? null : oidSchema.parse(row).oid;
}

/** The index of that name; null: there is none, or it is MySQL or MariaDB. */
async function oidOf(
  { session, target, signal }: DatabaseWorld,
  { schema, name }: Pick<Named, "schema" | "name">,
): Promise<string | null> {
  if (target.engine !== "postgres") return null;
  const sql = `select c.oid::text as oid from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace where n.nspname = $1 and c.relname = $2`;
  const [row] = await session.query({ sql, params: [schema, name] }, signal);
  return row === undefined ? null : oidSchema.parse(row).oid;
}

/**
 * Why the index of that name may be another one than a build has made: a build that nobody has seen to its end may have
 * failed, and somebody made another under the name. By its oid where that was seen, else by its definition, letter for
 * letter as far as the server keeps them. Null: it is that one, or there is none.
 */
export async function notBuilt(
  world: DatabaseWorld,
  input: IndexInput,
  made: string | null,
): Promise<string | null> {
  const oid = await oidOf(world, input);
  const there = world.target.engine === "postgres" ? oid !== null : await hasMysqlIndex(world, input);
  if (!there || (made !== null && oid === made)) return null;
  const found = await definitionOf(world, input);
  if (made === null && found !== null && isSame(found, input)) return null;
  const is = `An index ${quoted(input)} is there, on ${textOf(found)}`;
  return made === null
    ? `${is}: whether it is the one that was built is not sure. A person compares the two, and keeps or drops it.`
    : `${is}: it is not the one that was built, and is left as it is.`;
}

/** An index as it was read after its build. */
export interface Built extends Required<Was> {
  /** Null on MySQL and MariaDB. */
  readonly oid: string | null;
}

/** Null: it cannot be read, or what has the name by now is another one than was made. `made` null: that was not seen. */
export async function readBuilt(
  world: DatabaseWorld,
  input: IndexInput,
  made: string | null,
): Promise<Built | null> {
  const index = await asShown(world, input);
  if (index === null) return null;
  const oid = await oidOf(world, index);
  return made === null || oid === made ? { ...index, oid } : null;
}

/** Asked right before something is done to it by its name. */
export async function isStill(world: DatabaseWorld, { oid, ...index }: Built): Promise<boolean> {
  if ((await oidOf(world, index)) !== oid) return false;
  return (await otherThanJudged(world, index)) === null;
}

/**
 * Whether an index with the definition of the one that was built is known to be that one, and no person's like it: on
 * PostgreSQL its oid was seen while it was built, on MySQL and MariaDB it is hidden still, as a person's would not be.
 */
export async function isSurelyOwn(
  { session, target, signal }: DatabaseWorld,
  { schema, table, name }: Named,
  made: string | null,
): Promise<boolean> {
  if (target.engine === "postgres") return made !== null;
  const hidden = target.engine === "mysql" ? "IS_VISIBLE = 'NO'" : "IGNORED = 'YES'";
  const sql = `SELECT 1 AS one FROM information_schema.STATISTICS
WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? AND INDEX_NAME = ? AND ${hidden} LIMIT 1`;
  return (await session.query({ sql, params: [schema, table, name] }, signal)).length > 0;
}
