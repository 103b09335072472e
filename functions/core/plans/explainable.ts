import { lexSql } from "../text/lex-sql.ts";
import { isMisread, namesIn } from "../text/server-names.ts";
import { asPostgresSelect } from "./postgres-as-select.ts";
import type { PostgresToken } from "./postgres-token.ts";
import { parameterPlaces } from "./routine-parameters.ts";

export type Explainable =
  | {
      readonly kind: "yes";
      readonly sql: string;
      readonly parameters: number;
      readonly words: readonly string[];
    }
  | { readonly kind: "no"; readonly reason: string };

const maxLength = 20_000;
const typePrefixes = new Set(["interval", "date", "time", "timestamp", "timestamptz"]);

/**
 * A statement of pg_stat_statements as one SELECT that EXPLAIN takes. What writes becomes the search for its
 * rows, which needs no right to write; locking clauses are dropped for the same reason. Constants there are $n, which
 * is no syntax after a type name ("interval $1") and becomes a cast.
 * https://www.postgresql.org/docs/current/pgstatstatements.html
 * @param columns of its tables, in lower case, for a statement inside a function, whose text keeps the names of what the
 * function gives it: they become $n. Null: a client sends it.
 */
export function explainable(text: string, columns: ReadonlySet<string> | null = null): Explainable {
  if (text.length > maxLength) return no("its text is too long");
  const tokens = tokensOf(text);
  if (tokens === null) return no("it holds more than one statement or is cut off");
  const search = asPostgresSelect(tokens);
  const statement = search === null || columns === null ? search : withParameters(search, columns);
  if (statement === null)
    return no(
      "only what searches for rows is explained: SELECT, UPDATE, DELETE, MERGE, WITH, and INSERT, CREATE TABLE or COPY of a query",
    );
  if (isMisread(statement, "postgres"))
    return no("it holds a name that is read otherwise here than by the server");
  const { sql, parameters } = renumbered(statement);
  // Quoted names as well: whatever could be a function's or a view's.
  const words = [...new Set(statement.flatMap(({ text: word }) => namesIn(word)))];
  return { kind: "yes", sql, parameters, words };
}

function no(reason: string): Explainable {
  return { kind: "no", reason };
}

/** Without comments; null when a semicolon has more after it, or a quote or parenthesis is never closed. */
function tokensOf(text: string): readonly PostgresToken[] | null {
  const pieces = [...lexSql(text, "postgres")].map(({ kind, text: piece }) => ({
    code: kind === "code",
    // A comment may stand where a blank is needed; a blank beyond ASCII is part of a name to the server.
    text: kind === "comment" || (kind === "space" && !/[^\0-\x7f]/.test(piece)) ? " " : piece,
  }));
  const end = pieces.findIndex((piece) => piece.text === ";");
  const statement = end < 0 ? pieces : pieces.slice(0, end);
  const more = end >= 0 && pieces.slice(end + 1).some((piece) => piece.text !== " ");
  const last = statement.findLast((piece) => piece.text !== " ");
  if (more || last === undefined || isOpen(last.text)) return null;
  let depth = 0;
  const tokens = statement.map(({ text, code }): PostgresToken => {
    if (text === ")") depth -= 1;
    const token = { text, word: code && /^[\p{L}_]/u.test(text) ? text.toLowerCase() : "", depth };
    if (text === "(") depth += 1;
    return token;
  });
  return depth === 0 ? tokens : null;
}

/** A quote that was cut off; lexers take it to the end of the text. */
function isOpen(piece: string): boolean {
  return /^['"$]/.test(piece) && piece.length > 1 && !/^\$\d+$/.test(piece) && !closed(piece);
}

function closed(piece: string): boolean {
  const tag = /^\$[^$]*\$/.exec(piece)?.[0];
  return tag ? piece.length > tag.length && piece.endsWith(tag) : piece.endsWith(piece[0] ?? "");
}

function withParameters(
  tokens: readonly PostgresToken[],
  columns: ReadonlySet<string>,
): readonly PostgresToken[] {
  const filled = [...tokens.entries()].filter(([, { text }]) => text !== " ");
  const isName = (piece: string): boolean => piece.startsWith('"') || /^[\p{L}_][^']*$/u.test(piece);
  const places = parameterPlaces(
    filled.map(([, { text }]) => text),
    isName,
    columns,
  );
  const numbers = new Map<string, number>();
  const first = 1 + Math.max(0, ...tokens.map(({ text }) => Number(/^\$(\d+)$/.exec(text)?.[1] ?? 0)));
  const changed = new Map<number, string>();
  for (const { at, length } of places) {
    const parts = filled.slice(at, at + length);
    const name = parts.map(([, { text }]) => text.toLowerCase()).join("");
    const number = numbers.get(name) ?? first + numbers.size;
    numbers.set(name, number);
    for (const [index, [place]] of parts.entries()) changed.set(place, index === 0 ? `$${number}` : "");
  }
  return tokens.map((token, at) => ({
    ...token,
    ...(changed.has(at) ? { text: changed.get(at) ?? "", word: "" } : {}),
  }));
}

/** Parameters in the order of their first use: PREPARE refuses numbers that are left out. */
function renumbered(tokens: readonly PostgresToken[]): { sql: string; parameters: number } {
  const numbers = new Map<string, number>();
  let sql = "";
  for (const [index, { text }] of tokens.entries()) {
    if (/^\$\d+$/.test(text)) {
      const number = numbers.get(text) ?? numbers.size + 1;
      numbers.set(text, number);
      const type = typeBefore(tokens, index);
      if (type) sql = sql.trimEnd().slice(0, -type.length);
      const cast = type ?? (isDays(tokens, index) ? "integer" : null);
      sql += cast ? `$${number}::${cast}` : `$${number}`;
    } else sql += text;
  }
  return { sql: sql.trim(), parameters: numbers.size };
}

/**
 * What is added to a date or taken from it is a number of days, unless a cast says otherwise: as a parameter it would be
 * taken for a date, and the difference for a number.
 * https://www.postgresql.org/docs/current/typeconv-oper.html (unknown-type inputs are assumed to be as the other side)
 */
function isDays(tokens: readonly PostgresToken[], at: number): boolean {
  const [cast = "", operand = "", sign = ""] = tokens
    .slice(Math.max(0, at - 6), at)
    .filter(({ text }) => text !== " ")
    .slice(-3)
    .map(({ text }) => text.toLowerCase());
  const after = tokens.slice(at + 1, at + 3).find(({ text }) => text !== " ")?.text ?? "";
  const isDate = operand === "current_date" || (operand === "date" && cast.endsWith(":"));
  return isDate && /^[-+]$/.test(sign) && !/^[:[]/.test(after);
}

function typeBefore(tokens: readonly PostgresToken[], at: number): string | null {
  const before = tokens.slice(Math.max(0, at - 2), at).findLast(({ text }) => text !== " ")?.text;
  return before !== undefined && typePrefixes.has(before.toLowerCase()) ? before : null;
}
