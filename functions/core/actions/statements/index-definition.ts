import * as z from "zod";
import type { Engine } from "../../contract/target.ts";
import { mysqlName, postgresIdentifier } from "../../text/sql-names.ts";
import { statementParts } from "../../text/statement-parts.ts";

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

/** Nothing that would end the statement or begin another one. */
function isDefinition(definition: string): boolean {
  const parts = statementParts(`create index x on y ${definition}`);
  return (
    parts.length === 1 && !/;|--|\/\*/.test(definition) && /^\s*(using\s+[a-z]+\s*)?\(.+\)/i.test(definition)
  );
}

export function createIndexSql(
  { schema, table, name, unique, definition }: IndexInput,
  engine: Engine,
): string {
  const kind = unique ? "UNIQUE INDEX" : "INDEX";
  return engine === "postgres"
    ? `CREATE ${kind} CONCURRENTLY ${postgresIdentifier(name)} ON ${postgresIdentifier(schema)}.${postgresIdentifier(table)} ${definition}`
    : `ALTER TABLE ${mysqlName(schema, table)} ADD ${kind} ${mysqlName(name)} ${definition}, ALGORITHM=INPLACE, LOCK=NONE`;
}
