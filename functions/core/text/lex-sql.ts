export type SqlDialect = "postgres" | "mysql" | "mariadb";

export interface SqlToken {
  readonly kind: "space" | "comment" | "literal" | "code";
  readonly text: string;
}

/**
 * Tokens by the first character that could begin them; every pattern is sticky, runs forward only and takes an
 * unfinished token to the end of the text, because servers hand out statements cut at a fixed length.
 */
const space = /\s+/y;
const word = /[\p{L}_][\p{L}\p{N}_$]*/uy;
/** A sign belongs to a number only after an exponent: `1e-5`. Digits with letters after them go whole. */
const number = /(?:\.\d|\d)[\w.]*(?:(?<=[eE])[+-]\d+)?/y;
const lineComment = /--[^\n]*/y;
const mysqlLineComment = /(?:--(?=\s|$)|#)[^\n]*/y;
/** What stands in a comment that begins with ! or, on MariaDB, M! is run: only its brackets are comment. */
const executableBracket = /\/\*M?!\d*|\*\//y;
const mysqlBlockComment = /\/\*(?:[^*]|\*(?!\/))*(?:\*\/)?/y;
const plainString = /'(?:[^']|'')*(?:'|$)/y;
const escapedString = /'(?:[^'\\]|''|\\[\s\S]|\\$)*(?:'|$)/y;
const escapedDoubleQuoted = /"(?:[^"\\]|""|\\[\s\S]|\\$)*(?:"|$)/y;
const quotedName = /"(?:[^"]|"")*"/y;
const backtickedName = /`(?:[^`]|``)*`/y;
const parameter = /\$\d+/y;
const dollarTag = /\$(?:[\p{L}_][\p{L}\p{N}_]*)?\$/uy;

/** The statement in pieces that, joined, give it back unchanged. Linear, and never throws. */
export function* lexSql(sql: string, dialect: SqlDialect): Generator<SqlToken> {
  const next = dialect === "postgres" ? nextPostgres : nextMysql;
  let at = 0;
  while (at < sql.length) {
    const token = next(sql, at);
    yield token;
    at += token.text.length;
  }
}

function nextPostgres(sql: string, at: number): SqlToken {
  const character = sql[at] ?? "";
  if (character === "'") return literal(match(plainString, sql, at));
  if (character === '"') return quoted(sql, at, quotedName);
  if (character === "$") return dollar(sql, at);
  if (character === "/" && sql[at + 1] === "*") return { kind: "comment", text: nestedComment(sql, at) };
  const comment = character === "-" ? match(lineComment, sql, at) : null;
  if (comment) return { kind: "comment", text: comment };
  return common(sql, at, (prefix) => (/^e$/i.test(prefix) ? escapedString : plainString));
}

function nextMysql(sql: string, at: number): SqlToken {
  const character = sql[at] ?? "";
  if (character === "'") return literal(match(escapedString, sql, at));
  if (character === '"') return literal(match(escapedDoubleQuoted, sql, at));
  if (character === "`") return quoted(sql, at, backtickedName);
  const comment =
    match(executableBracket, sql, at) ??
    match(mysqlLineComment, sql, at) ??
    match(mysqlBlockComment, sql, at);
  if (comment) return { kind: "comment", text: comment };
  return common(sql, at, () => escapedString);
}

function common(sql: string, at: number, stringAfter: (prefix: string) => RegExp): SqlToken {
  const blank = match(space, sql, at);
  if (blank) return { kind: "space", text: blank };
  const digits = match(number, sql, at);
  if (digits) return literal(digits);
  const name = match(word, sql, at);
  if (!name) return { kind: "code", text: sql[at] ?? "" };
  const string = prefixedString(sql, at, name, stringAfter);
  return string ? literal(string) : { kind: "code", text: name };
}

/** E'…', x'…', b'…', N'…', U&'…' and MySQL's _utf8mb4'…': the prefix is part of the literal. */
function prefixedString(
  sql: string,
  at: number,
  name: string,
  stringAfter: (prefix: string) => RegExp,
): string | null {
  if (!/^(?:[ebxnu]|_\w+)$/i.test(name)) return null;
  const ampersand = /^u$/i.test(name) && sql[at + 1] === "&" ? "&" : "";
  const string = match(stringAfter(name), sql, at + name.length + ampersand.length);
  return string === null ? null : name + ampersand + string;
}

function dollar(sql: string, at: number): SqlToken {
  const placeholder = match(parameter, sql, at);
  if (placeholder) return { kind: "code", text: placeholder };
  const tag = match(dollarTag, sql, at);
  if (!tag) return { kind: "code", text: "$" };
  const end = sql.indexOf(tag, at + tag.length);
  return literal(end < 0 ? sql.slice(at) : sql.slice(at, end + tag.length));
}

/** PostgreSQL's block comments nest. */
function nestedComment(sql: string, at: number): string {
  const edges = /\/\*|\*\//g;
  edges.lastIndex = at;
  let depth = 0;
  for (let edge = edges.exec(sql); edge; edge = edges.exec(sql)) {
    depth += edge[0] === "/*" ? 1 : -1;
    if (depth === 0) return sql.slice(at, edges.lastIndex);
  }
  return sql.slice(at);
}

/** A quoted name that never ends could hide a literal: it counts as one. */
function quoted(sql: string, at: number, pattern: RegExp): SqlToken {
  const name = match(pattern, sql, at);
  return name === null ? literal(sql.slice(at)) : { kind: "code", text: name };
}

function literal(text: string | null): SqlToken {
  return { kind: "literal", text: text ?? "" };
}

function match(pattern: RegExp, sql: string, at: number): string | null {
  pattern.lastIndex = at;
  return pattern.exec(sql)?.[0] ?? null;
}
