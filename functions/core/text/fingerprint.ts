/**
 * The same text whether it comes from pg_stat_statements ($1), a digest (backticks, spaced out) or a session (?).
 * Two statements of one fingerprint are one shape.
 */
export function fingerprint(query: string | null): string | null {
  if (query === null) return null;
  const text = query
    .toLowerCase()
    .replace(/\/\*.*?\*\//g, " ")
    .replace(/\$\d+/g, "?")
    .replace(/`/g, "")
    .replace(/\s+/g, " ")
    .replace(/ ?([^\w ]) ?/g, "$1")
    .replace(/;$/, "")
    .trim();
  return text === "" ? null : withoutRepeatedRows(asDigestsSpell(text));
}

/**
 * What a digest of MySQL or MariaDB folds or spells otherwise than its client: lists of values are "(...)", NULL and
 * negative numbers are values, and keywords have one name each.
 * https://dev.mysql.com/doc/refman/8.4/en/performance-schema-statement-digests.html, and the names as both engines print
 * them (sql/lex.h: the last of the words for one token).
 */
function asDigestsSpell(text: string): string {
  return text
    .replace(/<>/g, "!=")
    .replace(/\bdistinctrow\b/g, "distinct")
    .replace(/\bas character\b/g, "as char")
    .replace(/\bsql_tsi_(?=[a-z]+\b)/g, "")
    .replace(/(?<!\b(?:is|not) ?) ?\bnull\b ?/g, "?")
    .replace(/([=<>(,]|\b(?:and|or|between|then|else|when|select)) ?-(?=\?)/g, "$1")
    .replace(/(?<![\w?])\?(?:,(?:\?|\.\.\.)(?![\w?]))+/g, "?,...")
    .replace(/\(\?,\.\.\.\)/g, "(...)")
    .replace(/\bin\(\?\)/g, "in(...)")
    .replace(/(\((?:\?|\.\.\.)\))(?:,(?:\1|\.\.\.(?![\w?])))+/g, "$1");
}

/** Of INSERT … VALUES (…), (…): how many rows are sent at once is no other shape, nor where the text was cut among them. */
function withoutRepeatedRows(text: string): string {
  const start = /\bvalues ?(?=\()/.exec(text);
  if (start === null) return text;
  const from = start.index + start[0].length;
  const row = text.slice(from, closedAt(text, from));
  let next = from + row.length;
  while (text.startsWith(`,${row}`, next)) next += row.length + 1;
  const rest = text.slice(next);
  const isCut = rest.endsWith("…") && `,${row}`.startsWith(rest.slice(0, -1));
  return text.slice(0, from) + row + (isCut ? "…" : rest);
}

/** Behind the parenthesis that closes the one at `from`; the end where it was cut before that. */
function closedAt(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === "(") depth += 1;
    else if (text[at] === ")" && --depth === 0) return at + 1;
  }
  return text.length;
}
