import * as z from "zod";
import type { Engine } from "../../contract/target.ts";
import { lexSql, type SqlDialect } from "../../text/lex-sql.ts";
import { mysqlName, postgresName, quoteName } from "../../text/sql-names.ts";

/**
 * A new index: its table, its name, and what stands behind the table's name in CREATE INDEX, as the plan's advice or an
 * old index has it: one list of keys in parentheses, and what PostgreSQL may have around it.
 */
export const indexInputSchema = z
  .strictObject({
    schema: z.string().min(1),
    table: z.string().min(1),
    name: z.string().min(1).max(63),
    unique: z.boolean(),
    definition: z.string().min(3).max(2000),
  })
  .refine(({ definition }) => isDefinition(definition), "the definition is not one of an index");
export type IndexInput = z.infer<typeof indexInputSchema>;

/** How an index was made, as the server showed it when it was judged, or had been built. */
export const wasSchema = z.strictObject({ unique: z.boolean(), definition: z.string().min(3).max(2000) });

/**
 * The keys of an index of MySQL or MariaDB with its kind as the server names it: what is no tree does not do a tree's work.
 * https://dev.mysql.com/doc/refman/8.4/en/create-index.html
 */
export function ofKind(keys: string, type: string): string {
  if (type === "BTREE") return keys;
  return type === "HASH" ? `${keys} USING HASH` : `${type} ${keys}`;
}

/** Nothing that would end the statement, begin another part of it, or hide what comes after, whoever reads it. */
function isDefinition(definition: string): boolean {
  const dialects = ["postgres", "mysql"] as const;
  return (
    /^\s*(using\s+[a-z]+\s*)?\(.+\)/is.test(definition) &&
    dialects.every((dialect) => isClosed(definition, dialect))
  );
}

function isClosed(definition: string, dialect: SqlDialect): boolean {
  let depth = 0;
  for (const { kind, text } of lexSql(definition, dialect)) {
    if (kind === "comment") return false;
    if (kind !== "code") continue;
    if (text === "(") depth += 1;
    if (text === ")") depth -= 1;
    if (text === ";" || depth < 0 || (text === "," && depth === 0)) return false;
  }
  return depth === 0;
}

export function createIndexSql(
  { schema, table, name, unique, definition }: IndexInput,
  engine: Engine,
): string {
  const kind = unique ? "UNIQUE INDEX" : "INDEX";
  return engine === "postgres"
    ? `CREATE ${kind} CONCURRENTLY ${quoteName(name)} ON ${postgresName(schema, table)} ${definition}`
    : `ALTER TABLE ${mysqlName(schema, table)} ADD ${kind} ${mysqlName(name)} ${definition}, ALGORITHM=INPLACE, LOCK=NONE`;
}
