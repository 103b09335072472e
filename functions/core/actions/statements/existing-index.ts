import * as z from "zod";
import type { DatabaseWorld } from "../define.ts";
import { refuse } from "../signals/refuse.ts";
import type { Check, TakesBack } from "../steps.ts";
import { type IndexInput, ofKind, wasSchema } from "./index-definition.ts";
import { postgresIndexIn } from "./index-in-statement.ts";
import { quoted } from "./postgres-object.ts";

const definitionSchema = z.object({ definition: z.string().nullable() });

/** How PostgreSQL would make the index again; null when there is none of that name. */
export async function postgresDefinition(
  { session, signal }: DatabaseWorld,
  { schema, name }: Pick<IndexInput, "schema" | "name">,
): Promise<string | null> {
  const sql = `select pg_get_indexdef(i.indexrelid) as definition from pg_catalog.pg_index i
join pg_catalog.pg_class c on c.oid = i.indexrelid join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where n.nspname = $1 and c.relname = $2`;
  const [row] = await session.query({ sql, params: [schema, name] }, signal);
  return row === undefined ? null : definitionSchema.parse(row).definition;
}

const keySchema = z.object({ key: z.string(), unique: z.coerce.number(), type: z.string() });

/**
 * The keys of an index of MySQL or MariaDB in parentheses, and its kind unless it is a tree; an expression is a question
 * mark, or as the server shows it. A row each: GROUP_CONCAT cuts them at 1024 bytes, and says so in a warning alone.
 * https://dev.mysql.com/doc/refman/8.4/en/server-system-variables.html#sysvar_group_concat_max_len
 */
export async function mysqlKeys(
  { session, signal }: DatabaseWorld,
  { schema, table, name }: Pick<IndexInput, "schema" | "table" | "name">,
  expression: "shown" | "hidden" = "hidden",
): Promise<{ readonly definition: string; readonly unique: boolean } | null> {
  const shown = expression === "shown" ? "CONCAT('(', EXPRESSION, ')')" : "'`?`'";
  const sql = `SELECT CONCAT(COALESCE(CONCAT('\`', REPLACE(COLUMN_NAME, '\`', '\`\`'), '\`'), ${shown}),
    IF(SUB_PART IS NULL, '', CONCAT('(', SUB_PART, ')')), IF(COLLATION = 'D', ' DESC', '')) AS \`key\`, NON_UNIQUE = 0 AS \`unique\`, INDEX_TYPE AS type
FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? AND INDEX_NAME = ? ORDER BY SEQ_IN_INDEX`;
  const rows = await session.query({ sql, params: [schema, table, name] }, signal);
  const keys = rows.map((row) => keySchema.parse(row));
  const [first] = keys;
  if (first === undefined) return null;
  const definition = ofKind(`(${keys.map(({ key }) => key).join(", ")})`, first.type);
  return { definition, unique: first.unique === 1 };
}

export interface Was extends Pick<IndexInput, "schema" | "table" | "name"> {
  /** Absent: it could not be read, or not be written down. */
  readonly was?: z.infer<typeof wasSchema>;
}

/** Whether an index is still the one that was judged: under its name somebody may have made another. Null: it is. */
export async function otherThanJudged(world: DatabaseWorld, index: Was): Promise<Check | null> {
  const { name, was } = index;
  const now = await definitionOf(world, index, "shown");
  if (now !== null && was !== undefined && shownText(now) === shownText(was)) return null;
  const is = `Index ${name} is ${now === null ? "on a definition that cannot be read" : shownText(now)} now`;
  return was === undefined
    ? refuse(
        "nothing-to-compare",
        `${is}, and the order does not say what it was when it was judged: somebody may have made another one under the name since.`,
        "A person looks what it is, and runs the statement that is shown, or gives the order what it is (`was`).",
      )
    : refuse(
        "changed-since",
        `${is}, and was ${shownText(was)} when it was judged: somebody has made another one.`,
        "Nothing to release: the next assessment proposes anew.",
      );
}

/**
 * What takes back the index that was built, by how the server shows it: of another one under its name nothing is taken
 * back. On MySQL and MariaDB it is hidden first, which is undone in an instant, unless it is so already. Null: there is none,
 * or it cannot be read.
 */
export async function builtBack(
  world: DatabaseWorld,
  input: IndexInput,
  isHidden = false,
): Promise<TakesBack> {
  return takenBack(world, await asShown(world, input), isHidden);
}

/** An index as the server shows it now; null: there is none, or it cannot be read. */
export async function asShown(
  world: DatabaseWorld,
  { schema, table, name }: IndexInput,
): Promise<Required<Was> | null> {
  const now = await definitionOf(world, { schema, table, name }, "shown");
  const was = wasSchema.safeParse(now === null ? null : { unique: now.unique, definition: now.definition });
  return was.success ? { schema, table, name, was: was.data } : null;
}

export function takenBack(
  { target }: DatabaseWorld,
  found: Required<Was> | null,
  isHidden = false,
): TakesBack {
  if (found === null) return null;
  const { schema, table, name, was } = found;
  const index = { schema, table, name, was };
  return target.engine === "postgres" || isHidden
    ? { actionId: "drop-index", input: { ...index, keeps: null, scans: null } }
    : { actionId: "hide-index", input: { ...index, visible: false } };
}

/** Both as the server shows them: letter for letter. */
function shownText({ unique, definition }: Pick<IndexInput, "unique" | "definition">): string {
  return `${unique ? "unique " : ""}${definition.replace(/^USING btree /, "")}`;
}

/** An index of that name is there: the one that is wanted, or another one that nobody may take for it. */
export async function alreadyThere(world: DatabaseWorld, input: IndexInput): Promise<Check> {
  const found = await definitionOf(world, input);
  if (found !== null && isSame(found, input))
    return { kind: "already-done", says: `Index ${input.name} is there.` };
  const says = `An index ${quoted(input)} is there, on ${textOf(found)}`;
  // The server writes expressions and conditions in its own words: an earlier attempt may have built it all the same.
  if (world.repeated)
    return {
      ...{ kind: "already-done", unproved: true },
      says: `${says}: whether an earlier attempt at this order has built it, or somebody else, is not sure. Nothing was sent again: a person compares the two, and keeps or drops it.`,
    };
  return refuse(
    "name-taken",
    `${says}: whether that is the one that is wanted is not sure.`,
    "A person compares the two; if it is another one, another name is given.",
  );
}

export const textOf = (found: Found | null): string =>
  found === null ? "a definition that is not seen" : `${found.table} ${found.definition}`;

type Found = Pick<IndexInput, "table" | "unique" | "definition">;

export async function definitionOf(
  world: DatabaseWorld,
  input: Pick<IndexInput, "schema" | "table" | "name">,
  expression: "shown" | "hidden" = "hidden",
): Promise<Found | null> {
  if (world.target.engine === "postgres") {
    const definition = await postgresDefinition(world, input);
    return definition === null ? null : postgresIndexIn(definition);
  }
  const keys = await mysqlKeys(world, input, world.target.engine === "mysql" ? expression : "hidden");
  return keys === null ? null : { table: input.table, ...keys };
}

export function isSame(found: Found, wanted: IndexInput): boolean {
  const bare = (text: string): string =>
    text
      .replace(/^\s*using\s+btree\s+/i, "")
      .replace(/[\s"`]/g, "")
      .toLowerCase();
  return (
    found.table === wanted.table &&
    found.unique === wanted.unique &&
    bare(found.definition) === bare(wanted.definition)
  );
}
