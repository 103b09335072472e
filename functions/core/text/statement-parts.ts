import { lexSql, type SqlDialect } from "./lex-sql.ts";

const leading = /^(\s+|--[^\n]*(\n|$)|#[^\n]*(\n|$)|\/\*[\s\S]*?\*\/)+/;

/** The statement without the comments before it; what was cut within one is taken as it is. */
export function withoutLeadingComments(query: string): string {
  return query.replace(leading, "");
}

/** MariaDB's settings for one statement, and a block outside a stored program: what is run comes after them. */
const wrapping = /^(set\s+statement\b.*?\bfor\s+|begin\s+not\s+atomic\s+)+/is;

/**
 * The statements of one text as they begin: without comments and literals, without what wraps them. Several go to the
 * server at once (`set lock_timeout = '5s'; create index …`), and it shows the whole text for each. Whose text it is
 * is not asked: read as either dialect, a keyword too many makes a person decide, and one too few would not.
 * https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-MULTI-STATEMENT
 * https://mariadb.com/docs/server/reference/sql-statements/administrative-sql-statements/set-commands/set-statement
 */
export function statementParts(query: string): readonly string[] {
  return [...new Set([...partsOf(query, "postgres"), ...partsOf(query, "mysql")])];
}

function partsOf(query: string, dialect: SqlDialect): readonly string[] {
  const parts = [""];
  for (const { kind, text } of lexSql(query, dialect)) {
    if (kind === "code" && text === ";") parts.push("");
    else parts.push(`${parts.pop() ?? ""}${pieceOf(kind, text)}`);
  }
  return parts.map((part) => part.trim().replace(wrapping, "")).filter((part) => part !== "");
}

function pieceOf(kind: "space" | "comment" | "literal" | "code", text: string): string {
  if (kind === "code") return text;
  return kind === "literal" ? "?" : " ";
}
