/** With the table, by which who is on call knows whose it is. */
export function oneStatement(query: string | null): string {
  const table = mainTable(query);
  return table === null ? "One statement" : `One statement on ${table}`;
}

/**
 * The first table that a statement reads or writes, as it names it; null where none is found. Not the FROM of
 * extract(… FROM …) or of IS DISTINCT FROM: only that of a query, its own or of one within.
 */
export function mainTable(query: string | null): string | null {
  const tokens = (query ?? "").match(token) ?? [];
  const inQuery = withinQueries(tokens);
  const at = tokens.findIndex(
    (word, index) =>
      inQuery[index] === true &&
      (/^(?:from|into)$/i.test(word) || (index === 0 && /^update$/i.test(word))) &&
      !/^distinct$/i.test(tokens[index - 1] ?? "") &&
      name.test(tokens[index + 1] ?? ""),
  );
  return at < 0 ? null : (tokens[at + 1] ?? "").replaceAll(/["`\s]/g, "");
}

/** Of each token, whether the parentheses around it, if any, hold a query. */
function withinQueries(tokens: readonly string[]): readonly boolean[] {
  const levels = [true];
  return tokens.map((word, index) => {
    if (word === "(") levels.push(/^(?:select|with)$/i.test(tokens[index + 1] ?? ""));
    if (word === ")") levels.pop();
    return levels.at(-1) === true;
  });
}

const part = String.raw`(?:[\p{L}_][\p{L}\p{N}_$]*|"[^"]+"|${"`[^`]+`"})`;
const token = new RegExp(String.raw`'(?:[^']|'')*'|${part}(?:\s*\.\s*${part})*|[()]`, "gu");
const name = new RegExp(`^${part}`, "u");
