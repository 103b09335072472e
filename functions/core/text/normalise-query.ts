import { lexSql, type SqlDialect } from "./lex-sql.ts";

/** What a message can show of one statement. */
const shownLength = 1000;

/**
 * The statement without its literals and comments, on one line, long lists folded. For showing and for telling
 * statements apart, not for running. Takes cut and hostile text; linear.
 */
export function normaliseQuery(sql: string, dialect: SqlDialect): string {
  const parts: string[] = [];
  // Looking at the end of a growing text instead would copy it each time: quadratic.
  let spaced = false;
  for (const { kind, text } of lexSql(sql, dialect)) {
    const blank = kind === "space" || kind === "comment";
    if (!blank) parts.push(kind === "code" ? text : "?");
    else if (!spaced) parts.push(" ");
    spaced = blank;
  }
  const text = parts.join("").trim();
  return (dialect === "postgres" ? text : plainLiterals(text))
    .replace(/\?(?: ?, ?\?)+/g, "?, ...")
    .replace(/(\$\d+)(?: ?, ?\$\d+)+/g, "$1, ...")
    .replace(/(\(\?(?:, \.\.\.)?\))(?: ?, ?\(\?(?:, \.\.\.)?\))+/g, "$1, ...");
}

/**
 * Literals that digests do not fold into "?" as they are sent by clients for a binary UUID: "(unknown)" is x'0af1' in
 * MariaDB, and "(_charset) ?" is _binary'…'. Case HEX_STRING is not among those of digest_add_token in
 * https://github.com/MariaDB/server/blob/10.11/sql/sql_digest.cc
 */
export function plainLiterals(digest: string): string {
  return digest.replace(/\(unknown\)|\(_charset\) ?\?/g, "?");
}

/** Whether one of the statement's comments contains `text`, in any case. A literal that contains it does not count. */
export function hasComment(sql: string, text: string, dialect: SqlDialect = "postgres"): boolean {
  const wanted = text.toLowerCase();
  // Most statements carry no such text at all and need no lexer.
  if (!sql.toLowerCase().includes(wanted)) return false;
  for (const token of lexSql(sql, dialect)) {
    if (token.kind === "comment" && token.text.toLowerCase().includes(wanted)) return true;
  }
  return false;
}

export interface ShownQuery {
  readonly dialect: SqlDialect;
  readonly queryText: "normalised" | "raw";
  readonly optOutComment: string;
  /** Already known from the whole statement where `sql` may be only its beginning. */
  readonly optedOut?: boolean;
}

/**
 * A statement as evidence keeps it. Its opt-out comment is put at the end where normalising or cutting would lose
 * it: guards read the evidence and must still see it.
 */
export function shownQuery(sql: string, options: ShownQuery): string {
  const { dialect, queryText, optOutComment } = options;
  const text = queryText === "raw" ? sql : normaliseQuery(sql, dialect);
  const cut = text.length > shownLength ? `${text.slice(0, shownLength)}…` : text;
  const optedOut = options.optedOut ?? hasComment(sql, optOutComment, dialect);
  return optedOut && !hasComment(cut, optOutComment, dialect) ? `${cut} /* ${optOutComment} */` : cut;
}
