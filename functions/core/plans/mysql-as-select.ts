import type { MysqlToken } from "./mysql-token.ts";
import { withoutLocking } from "./without-locking.ts";

type Tokens = readonly MysqlToken[];

/** Null for what is neither a search nor contains one. */
export function asMysqlSelect(statement: Tokens): Tokens | null {
  const tokens = withoutLocking(statement);
  switch (tokens[0]?.word) {
    case "select":
      return tokens;
    case "with":
      return outer(tokens, "update", "delete") < 0 ? tokens : null;
    case "update":
      return fromUpdate(tokens);
    case "delete":
      return fromDelete(tokens);
    case "insert":
    case "replace":
      return fromInsert(tokens);
    default:
      return null;
  }
}

/** The first of these words outside parentheses. */
function outer(tokens: Tokens, ...words: readonly string[]): number {
  return tokens.findIndex(({ word, depth }) => depth === 0 && words.includes(word));
}

function fromUpdate(tokens: Tokens): Tokens | null {
  const set = outer(tokens, "set");
  if (set < 0) return null;
  const first = tokens.findIndex(({ word }) => !/^(update|low_priority|ignore)$/.test(word));
  return searchOf(tokens.slice(first, set), tokens.slice(set));
}

function fromDelete(tokens: Tokens): Tokens | null {
  const from = outer(tokens, "from");
  const using = tokens.findIndex(
    ({ word, depth }, at) => depth === 0 && word === "using" && tokens[at + 1]?.text !== "(",
  );
  const start = using < 0 ? from : using;
  if (from < 0) return null;
  const rest = tokens.slice(start + 1);
  const where = outer(rest, "where", "order", "limit");
  return searchOf(where < 0 ? rest : rest.slice(0, where), where < 0 ? [] : rest.slice(where));
}

function searchOf(tables: Tokens, rest: Tokens): Tokens {
  const at = outer(rest, "where", "order", "limit");
  const end = withoutReturning(at < 0 ? [] : rest.slice(at));
  return [word("select"), { text: "1", word: "", depth: 0, spaced: true }, word("from"), ...tables, ...end];
}

/** INSERT … VALUES searches for nothing. */
function fromInsert(tokens: Tokens): Tokens | null {
  const select = outer(tokens, "select", "with");
  if (select < 0) return null;
  const rest = withoutReturning(tokens.slice(select));
  const duplicate = rest.findIndex(
    ({ word: on, depth }, at) => depth === 0 && on === "on" && rest[at + 1]?.word === "duplicate",
  );
  return duplicate < 0 ? rest : rest.slice(0, duplicate);
}

/** MariaDB's. */
function withoutReturning(tokens: Tokens): Tokens {
  const at = outer(tokens, "returning");
  return at < 0 ? tokens : tokens.slice(0, at);
}

function word(text: string): MysqlToken {
  return { text, word: text, depth: 0, spaced: true };
}
