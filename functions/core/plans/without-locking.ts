interface Piece {
  readonly text: string;
  /** In lower case when it is a bare word. */
  readonly word: string;
}

/**
 * Without FOR UPDATE and its kin, in subqueries too: they take the right to write. What stands after one stays:
 * PostgreSQL takes LIMIT there.
 * https://www.postgresql.org/docs/current/sql-select.html#SQL-FOR-UPDATE-SHARE
 * https://dev.mysql.com/doc/refman/8.4/en/innodb-locking-reads.html
 */
export function withoutLocking<Token extends Piece>(tokens: readonly Token[]): readonly Token[] {
  const kept: Token[] = [];
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at];
    if (token === undefined) break;
    const last = lastOfLocking(tokens, at);
    if (last === null) kept.push(token);
    else at = last;
  }
  return kept;
}

/** Where the clause that begins here ends; null where none does. */
function lastOfLocking(tokens: readonly Piece[], start: number): number | null {
  if (tokens[start]?.word === "lock") return clauseEnd(tokens, start, ["in", "share", "mode"]);
  if (tokens[start]?.word !== "for") return null;
  const strength = [["update"], ["share"], ["no", "key", "update"], ["key", "share"]];
  const at = strength.map((words) => clauseEnd(tokens, start, words)).find((end) => end !== null) ?? null;
  if (at === null) return null;
  const named = afterNames(tokens, at);
  return clauseEnd(tokens, named, ["nowait"]) ?? clauseEnd(tokens, named, ["skip", "locked"]) ?? named;
}

function clauseEnd(tokens: readonly Piece[], after: number, words: readonly string[]): number | null {
  let at = after;
  for (const word of words) {
    at = nextAt(tokens, at);
    if (tokens[at]?.word !== word) return null;
  }
  return at;
}

/** "of a, s.b" */
function afterNames(tokens: readonly Piece[], start: number): number {
  const of = nextAt(tokens, start);
  if (tokens[of]?.word !== "of") return start;
  let at = nextAt(tokens, of);
  for (;;) {
    const between = nextAt(tokens, at);
    if (!/^[.,]$/.test(tokens[between]?.text ?? "")) return at;
    at = nextAt(tokens, between);
  }
}

function nextAt(tokens: readonly Piece[], after: number): number {
  const found = tokens.findIndex(({ text }, at) => at > after && text !== " ");
  return found < 0 ? tokens.length : found;
}
