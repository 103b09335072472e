import { lexSql, type SqlDialect } from "./lex-sql.ts";
import { isMisread, namesIn } from "./server-names.ts";

/** A name with its schema; null: found by the search path. */
export type CalledName = readonly [schema: string | null, name: string];

/** Null: a name in it is read otherwise by the server, and so every other may be. */
type Names = readonly CalledName[] | null;

function codeOf(statement: string, dialect: SqlDialect): readonly string[] | null {
  const pieces = [...lexSql(statement, dialect)];
  if (isMisread(pieces, dialect)) return null;
  return pieces.flatMap(({ kind, text }) =>
    kind === "space" || kind === "comment" ? [] : [kind === "literal" ? "''" : text],
  );
}

/** Every name that a bracket follows, called or not: IN ( is one, too. */
export function calledIn(statement: string, dialect: SqlDialect): Names {
  const code = codeOf(statement, dialect);
  return code?.flatMap((_, at) => (code[at + 1] === "(" ? namedAt(code, at, dialect) : [])) ?? null;
}

/** Every two names with a dot between them, of PostgreSQL: a column with its table is one, too. */
export function pairsIn(statement: string): Names {
  const code = codeOf(statement, "postgres");
  return code?.flatMap((_, at) => (code[at - 1] === "." ? namedAt(code, at, "postgres") : [])) ?? null;
}

/** In each way in which the server may read it; beside a dot it is one, whatever it looks like (MySQL's "ANSI quotes"). */
function namedAt(code: readonly string[], at: number, dialect: SqlDialect): readonly CalledName[] {
  const text = code[at] ?? "";
  if (code[at - 1] !== ".") return namesIn(text, dialect).map((name) => [null, name]);
  const schemas = orItself(code[at - 2] ?? "", dialect);
  return orItself(text, dialect).flatMap((name) => schemas.map((schema) => [schema, name] as const));
}

function orItself(text: string, dialect: SqlDialect): readonly string[] {
  const names = namesIn(text, dialect);
  return names.length === 0 ? [text] : names;
}
