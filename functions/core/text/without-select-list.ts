/** A list that asks other tables is part of what the statement costs. */
const asksMore = /\(\s*select\b/i;
/** So short a list names no table's columns: a count says by itself what the statement is for. */
const shortList = 32;

/**
 * A SELECT without the list of what it gives: "SELECT … FROM orders WHERE …". An ORM names every column of a table there, and
 * of a statement that is cut nobody would see which tables it reads. The line as it is where there is no such list, a short one, or
 * one that is a query itself.
 */
export function withoutSelectList(line: string): string {
  const start = /^select(?:\s+distinct)?(?=\s)/i.exec(line)?.[0];
  if (start === undefined) return line;
  const from = fromOf(line);
  if (from === null || asksMore.test(line.slice(0, from))) return line;
  const isShort = line.slice(start.length, from).trim().length <= shortList;
  return isShort ? line : `${start} … ${line.slice(from)}`;
}

/** Where its own FROM begins: not that of extract(… from …) or of IS DISTINCT FROM, and nothing within quotes. */
function fromOf(line: string): number | null {
  let depth = 0;
  for (const { 0: token, index } of line.matchAll(tokens)) {
    if (token === "(") depth += 1;
    if (token === ")") depth -= 1;
    if (depth === 0 && /^from$/i.test(token) && !/\bdistinct\s+$/i.test(line.slice(0, index))) return index;
  }
  return null;
}

const tokens = /'(?:[^']|'')*'|"[^"]*"|`[^`]*`|[()]|\bfrom\b/gi;
