import type { SqlDialect } from "./lex-sql.ts";

const quotes = { postgres: '"', mysql: "`", mariadb: "`" } as const;

type Piece = { readonly text: string };

/**
 * A name that the server would read otherwise than it is read here, of the pieces of lexSql: written in Unicode escapes
 * (PostgreSQL), or with signs that are no letters here. Servers take what is above ASCII for a letter, a blank as well;
 * MySQL also $ and a digit, at the beginning of a name.
 * https://dev.mysql.com/doc/refman/8.4/en/identifiers.html
 */
export function isMisread(pieces: readonly Piece[], dialect: SqlDialect): boolean {
  return pieces.some(({ text }, at) => {
    if (text === "$") return true;
    if (/^--|^#|^\/\*/.test(text)) return false;
    if (/^"|^`|^(?:[ebxn]|u&|_\w+)?'|^\$.*\$$/is.test(text))
      return dialect === "postgres" && text.startsWith('"') && isEscaped(pieces, at);
    if (dialect !== "postgres" && isCalledNumber(pieces, at)) return true;
    return /[^\0-\x7f]/.test(text) && !/^[\p{L}_][\p{L}\p{N}_$]*$/u.test(text);
  });
}

function isEscaped(pieces: readonly Piece[], at: number): boolean {
  return pieces[at - 1]?.text === "&" && /^u$/i.test(pieces[at - 2]?.text ?? "");
}

/** After a dot 1f is a name. */
function isCalledNumber(pieces: readonly Piece[], at: number): boolean {
  if (!/^\.?\d/.test(pieces[at]?.text ?? "")) return false;
  return pieces.slice(at + 1).find(({ text }) => text.trim() !== "")?.text === "(";
}

const longestBytes = 63;

/**
 * As the server may take it, without its quotes; none: no name. PostgreSQL keeps 63 bytes, and of letters beyond ASCII
 * it makes small ones in some encodings only.
 * https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS
 */
export function namesIn(piece: string, dialect: SqlDialect = "postgres"): readonly string[] {
  const quote = quotes[dialect];
  const kept = (name: string): string => (dialect === "postgres" ? cut(name) : name);
  if (piece.startsWith(quote)) return [kept(piece.slice(1, -1).replaceAll(quote + quote, quote))];
  if (!/^[\p{L}_]/u.test(piece) || piece.endsWith("'")) return [];
  const small = piece.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase());
  return [...new Set([kept(small), kept(piece.toLowerCase())])];
}

function cut(name: string): string {
  let kept = name;
  while (new TextEncoder().encode(kept).length > longestBytes) kept = [...kept].slice(0, -1).join("");
  return kept;
}
