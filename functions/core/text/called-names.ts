import { lexSql, type SqlDialect } from "./lex-sql.ts";

/** A name with its schema; null: found by the search path. */
export type CalledName = readonly [schema: string | null, name: string];

const quotes = { postgres: '"', mysql: "`", mariadb: "`" } as const;

/** As the server takes it: without its quotes, or in small letters. */
export function bareName(text: string, dialect: SqlDialect): string {
  const quote = quotes[dialect];
  return text.length > 1 && text.startsWith(quote)
    ? text.slice(1, -1).replaceAll(quote + quote, quote)
    : text.toLowerCase();
}

function codeOf(statement: string, dialect: SqlDialect): readonly string[] {
  return [...lexSql(statement, dialect)].flatMap(({ kind, text }) =>
    kind === "space" || kind === "comment" ? [] : [kind === "literal" ? "''" : text],
  );
}

const isName = (text: string | undefined): text is string =>
  text !== undefined && /^["`]?[\p{L}\p{N}_]|^["`]./u.test(text);

/** Every name that a bracket follows, called or not: IN ( is one, too. */
export function calledIn(statement: string, dialect: SqlDialect): readonly CalledName[] {
  const code = codeOf(statement, dialect);
  return code.flatMap((text, at): CalledName[] => {
    if (code[at + 1] !== "(" || !isName(text)) return [];
    const schema = code[at - 1] === "." ? code[at - 2] : undefined;
    return [[schema === undefined ? null : bareName(schema, dialect), bareName(text, dialect)]];
  });
}

/** Every two names with a dot between them, of PostgreSQL: a column with its table is one, too. */
export function pairsIn(statement: string): readonly CalledName[] {
  const code = codeOf(statement, "postgres");
  return code.flatMap((text, at): CalledName[] => {
    const schema = code[at - 1] === "." ? code[at - 2] : undefined;
    return schema !== undefined && isName(text) && isName(schema)
      ? [[bareName(schema, "postgres"), bareName(text, "postgres")]]
      : [];
  });
}
