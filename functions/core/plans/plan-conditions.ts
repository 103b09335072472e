/** A comparison of one column with something that does not depend on its own row. */
export interface ColumnCondition {
  readonly alias: string | null;
  readonly column: string;
  readonly kind: "equality" | "range";
  /** The type that the column is cast to before it is compared: an index on the bare column may not help. */
  readonly cast: string | null;
  /** What it is compared with. */
  readonly other: string;
}

export interface ColumnName {
  readonly alias: string | null;
  readonly column: string;
}

const name = String.raw`(?:[\p{L}_][\p{L}\p{N}_$]*|"(?:[^"]|"")+")`;
const columnName = String.raw`(?:(${name})\.)?(${name})`;
const operand = new RegExp(
  String.raw`^(?:${columnName}|\(${columnName}\)::([\w ]+(?:\(\d+(?:,\d+)?\))?))$`,
  "u",
);
const comparison = /^ (<=|>=|<|>|=) ([\s\S]+)$/;

/**
 * The conditions that an index could serve, of those that EXPLAIN joins with AND. Others (OR, LIKE, functions of a
 * column) are left out.
 */
export function columnConditions(expression: string | null): readonly ColumnCondition[] {
  if (expression === null) return [];
  return conjuncts(expression).flatMap((part) => conditionOf(part) ?? []);
}

/** "t.created_at DESC NULLS LAST" → the column and how it is sorted; null for expressions. */
export function sortColumn(key: string): (ColumnName & { readonly order: string }) | null {
  const [, body = key, order = ""] = /^(.*?)((?: (?:ASC|DESC|NULLS FIRST|NULLS LAST))*)$/su.exec(key) ?? [];
  const column = columnOf(body);
  return column && column.cast === null
    ? { alias: column.alias, column: column.column, order: order.trim() }
    : null;
}

function conditionOf(part: string): ColumnCondition | null {
  const isNull = /^(.+) IS NULL$/s.exec(part)?.[1];
  if (isNull !== undefined) return about(isNull, "=", "NULL");
  const [left, rest] = firstOperand(part);
  const [, operator, right] = comparison.exec(rest) ?? [];
  if (operator === undefined || right === undefined) return null;
  return about(left, operator, right) ?? about(bare(right), operator, left);
}

function about(side: string, operator: string, other: string): ColumnCondition | null {
  const column = columnOf(side);
  if (!column) return null;
  // Compared with its own row: nothing an index could look for.
  if (column.alias !== null && other.includes(`${column.alias}.`)) return null;
  return { ...column, kind: operator === "=" ? "equality" : "range", other };
}

function columnOf(side: string): (ColumnName & { cast: string | null }) | null {
  const found = operand.exec(side);
  if (!found) return null;
  const [, alias, column, castAlias, castColumn, cast] = found;
  const named = column ?? castColumn;
  if (named === undefined || /^(?:true|false|null)$/i.test(named)) return null;
  return { alias: unquoted(alias ?? castAlias), column: unquoted(named) ?? named, cast: cast ?? null };
}

function unquoted(identifier: string | undefined): string | null {
  if (identifier === undefined) return null;
  return identifier.startsWith('"') ? identifier.slice(1, -1).replaceAll('""', '"') : identifier;
}

/** "((a) AND (b))" → a, b. */
export function conjuncts(expression: string): readonly string[] {
  const whole = bare(expression);
  const parts = splitTopLevel(whole);
  return parts.length > 1 ? parts.flatMap(conjuncts) : [whole];
}

/** Without the parentheses that enclose all of it. */
function bare(expression: string): string {
  let inner = expression.trim();
  while (inner.startsWith("(") && closing(inner, 0) === inner.length - 1) inner = inner.slice(1, -1).trim();
  return inner;
}

function splitTopLevel(expression: string): readonly string[] {
  const parts: string[] = [];
  let start = 0;
  for (let at = 0; at < expression.length; at = skip(expression, at)) {
    if (!expression.startsWith(" AND ", at)) continue;
    parts.push(expression.slice(start, at));
    start = at + " AND ".length;
  }
  return [...parts, expression.slice(start)];
}

/** Up to the first blank outside quotes and parentheses. */
function firstOperand(expression: string): readonly [string, string] {
  for (let at = 0; at < expression.length; at = skip(expression, at)) {
    if (expression[at] !== " " || !comparison.test(expression.slice(at))) continue;
    return [expression.slice(0, at), expression.slice(at)];
  }
  return [expression, ""];
}

/** The next place that is outside quotes and parentheses. */
function skip(text: string, at: number): number {
  const character = text[at];
  if (character === "(") return closing(text, at) + 1;
  if (character === "'" || character === '"') return quoteEnd(text, at) + 1;
  return at + 1;
}

function closing(text: string, open: number): number {
  let depth = 0;
  for (let at = open; at < text.length; at += 1) {
    const character = text[at];
    if (character === "'" || character === '"') at = quoteEnd(text, at);
    else if (character === "(") depth += 1;
    else if (character === ")" && --depth === 0) return at;
  }
  return text.length;
}

/** Doubled quotes are two strings side by side to this, which is as good. */
function quoteEnd(text: string, open: number): number {
  const end = text.indexOf(text[open] ?? "", open + 1);
  return end < 0 ? text.length : end;
}
