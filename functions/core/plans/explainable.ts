import { lexSql } from "../text/lex-sql.ts";

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

interface Token {
  readonly text: string;
  /** In lower case when it is a word outside parentheses, empty otherwise. */
  readonly word: string;
}

/**
 * A statement of pg_stat_statements as one SELECT that EXPLAIN takes. UPDATE and DELETE become the search for their
 * rows, which needs no right to write; a locking clause is dropped for the same reason. Constants there are $n, which
 * is no syntax after a type name ("interval $1") and becomes a cast.
 * https://www.postgresql.org/docs/current/pgstatstatements.html
 */
export function explainable(text: string): Explainable {
  if (text.length > maxLength) return no("its text is too long");
  const tokens = tokensOf(text);
  if (tokens === null) return no("it holds more than one statement or is cut off");
  const statement = asSelect(tokens);
  if (statement === null) return no("only SELECT, UPDATE, DELETE and WITH are explained");
  if (isMisread(statement)) return no("it holds a name that is read otherwise here than by the server");
  const { sql, parameters } = renumbered(statement);
  // Quoted names as well: whatever could be a function's or a view's.
  const words = [...new Set(statement.flatMap(({ text: word }) => namesIn(word)))];
  return { kind: "yes", sql, parameters, words };
}

function no(reason: string): Explainable {
  return { kind: "no", reason };
}

/** Without comments; null when a semicolon has more after it, or a quote or parenthesis is never closed. */
function tokensOf(text: string): readonly Token[] | null {
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
  const tokens = statement.map((piece) => {
    depth += piece.text === "(" ? 1 : piece.text === ")" ? -1 : 0;
    const outside = depth === 0 && piece.code && /^[\p{L}_]/u.test(piece.text);
    return { text: piece.text, word: outside ? piece.text.toLowerCase() : "" };
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

function asSelect(tokens: readonly Token[]): readonly Token[] | null {
  const first = tokens.find(({ text }) => text !== " ");
  if (first?.word === "select" || first?.word === "with") return withoutLocking(tokens);
  if (first?.word === "delete") return fromDelete(tokens);
  if (first?.word === "update") return fromUpdate(tokens);
  return null;
}

function withoutLocking(tokens: readonly Token[]): readonly Token[] {
  const at = tokens.findIndex(({ word }, index) => {
    const next = tokens.slice(index + 1).find(({ text }) => text !== " ")?.word;
    return word === "for" && (next === "update" || next === "share" || next === "no" || next === "key");
  });
  return at < 0 ? tokens : tokens.slice(0, at);
}

function fromDelete(tokens: readonly Token[]): readonly Token[] | null {
  const from = tokens.findIndex(({ word }) => word === "from");
  if (from < 0) return null;
  const using = tokens.findIndex(({ word }) => word === "using");
  const rest = beforeReturning(tokens)
    .map((token, index) => (index === using ? { text: ",", word: "" } : token))
    .slice(from);
  return [...words("select 1 "), ...rest];
}

function fromUpdate(tokens: readonly Token[]): readonly Token[] | null {
  const update = tokens.findIndex(({ word }) => word === "update");
  const set = tokens.findIndex(({ word }) => word === "set");
  if (set < 0) return null;
  const target = tokens.slice(update + 1, set);
  const rest = beforeReturning(tokens).slice(set + 1);
  const where = rest.findIndex(({ word }) => word === "where");
  const sources = rest.slice(0, where < 0 ? rest.length : where);
  const from = sources.findIndex(({ word }, index) => word === "from" && !followsDistinct(sources, index));
  const joined = from < 0 ? [] : [...words(", "), ...sources.slice(from + 1)];
  return [
    ...words("select 1 from "),
    ...target,
    ...joined,
    ...words(" "),
    ...(where < 0 ? [] : rest.slice(where)),
  ];
}

/** "is distinct from" in an assignment. */
function followsDistinct(tokens: readonly Token[], at: number): boolean {
  return tokens.slice(0, at).findLast(({ text }) => text !== " ")?.word === "distinct";
}

function beforeReturning(tokens: readonly Token[]): readonly Token[] {
  const at = tokens.findIndex(({ word }) => word === "returning");
  return at < 0 ? tokens : tokens.slice(0, at);
}

function words(text: string): readonly Token[] {
  return [{ text, word: "" }];
}

/** Parameters in the order of their first use: PREPARE refuses numbers that are left out. */
function renumbered(tokens: readonly Token[]): { sql: string; parameters: number } {
  const numbers = new Map<string, number>();
  let sql = "";
  for (const [index, { text }] of tokens.entries()) {
    if (/^\$\d+$/.test(text)) {
      const number = numbers.get(text) ?? numbers.size + 1;
      numbers.set(text, number);
      const type = typeBefore(tokens, index);
      if (type) sql = sql.trimEnd().slice(0, -type.length);
      sql += type ? `$${number}::${type}` : `$${number}`;
    } else sql += text;
  }
  return { sql: sql.trim(), parameters: numbers.size };
}

function typeBefore(tokens: readonly Token[], at: number): string | null {
  const before = tokens.slice(Math.max(0, at - 2), at).findLast(({ text }) => text !== " ")?.text;
  return before !== undefined && typePrefixes.has(before.toLowerCase()) ? before : null;
}

/** Of names in Unicode escapes, and of those with letters that are none here (the server takes every byte above ASCII for one). */
function isMisread(tokens: readonly Token[]): boolean {
  return tokens.some(({ text }, at) => {
    if (/^["']|^\$.*\$$/s.test(text)) return text.startsWith('"') && isEscaped(tokens, at);
    return /[^\0-\x7f]/.test(text) && !/^[\p{L}_][\p{L}\p{N}_$]*$/u.test(text);
  });
}

function isEscaped(tokens: readonly Token[], at: number): boolean {
  return tokens[at - 1]?.text === "&" && /^u$/i.test(tokens[at - 2]?.text ?? "");
}

const longestBytes = 63;

/**
 * As the server may take it: it keeps 63 bytes, and of letters beyond ASCII it makes small ones in some encodings only.
 * https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS
 */
function namesIn(piece: string): readonly string[] {
  if (piece.startsWith('"')) return [cut(piece.slice(1, -1).replaceAll('""', '"'))];
  if (!/^[\p{L}_]/u.test(piece) || piece.endsWith("'")) return [];
  const small = piece.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase());
  return [cut(small), cut(piece.toLowerCase())];
}

function cut(name: string): string {
  let kept = name;
  while (new TextEncoder().encode(kept).length > longestBytes) kept = [...kept].slice(0, -1).join("");
  return kept;
}
