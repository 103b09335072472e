import type { PostgresToken } from "./postgres-token.ts";
import { withoutBareParameters } from "./without-bare-parameters.ts";
import { withoutLocking } from "./without-locking.ts";

type Tokens = readonly PostgresToken[];

/**
 * One SELECT that finds the rows which the statement finds, and needs no right to write; null for what finds none. The
 * rows of INSERT … SELECT, CREATE TABLE AS, COPY (…) TO and of a cursor are those of their query; MERGE's are its join.
 */
export function asPostgresSelect(statement: Tokens): Tokens | null {
  return searchOf(withoutLocking(statement));
}

function searchOf(statement: Tokens): Tokens | null {
  const tokens = statement.slice(statement.findIndex(({ text }) => text !== " "));
  switch (tokens[0]?.word) {
    case "select":
      return tokens;
    case "with":
      return fromWith(tokens);
    case "delete":
      return fromDelete(tokens, "1");
    case "update":
      return fromUpdate(tokens, "1");
    case "insert":
      return fromInsert(tokens);
    case "merge":
      return fromMerge(tokens);
    case "create":
      return fromCreate(tokens);
    case "declare":
      return fromQuery(tokens);
    case "copy":
      return insideParentheses(tokens);
    default:
      return null;
  }
}

/** The first of these words outside parentheses. */
function outer(tokens: Tokens, ...words: readonly string[]): number {
  return tokens.findIndex(({ word, depth }) => depth === 0 && words.includes(word));
}

function nextWord(tokens: Tokens, at: number): string | undefined {
  return tokens.slice(at + 1).find(({ text }) => text !== " ")?.word;
}

/** What its queries change becomes the search for it, and so does the statement after them. */
function fromWith(tokens: Tokens): Tokens | null {
  const verbs = ["select", "insert", "update", "delete", "merge", "values"];
  const main = outer(tokens, ...verbs);
  if (main < 0) return null;
  const named: PostgresToken[] = [];
  for (let at = 0; at < main; at += 1) {
    const token = tokens[at];
    if (token === undefined) break;
    named.push(token);
    if (token.text !== "(" || token.depth !== 0) continue;
    const end = tokens.findIndex(({ text, depth }, index) => index > at && text === ")" && depth === 0);
    named.push(...asReturned(tokens.slice(at + 1, end).map(outward)));
    at = end - 1;
  }
  const rest = searchOf(tokens.slice(main));
  return rest === null ? null : [...named, ...rest];
}

/** A query of WITH that changes rows gives what it returns of them. */
function asReturned(body: Tokens): Tokens {
  const tokens = body.slice(body.findIndex(({ text }) => text !== " "));
  const verb = tokens[0]?.word;
  const returning = outer(tokens, "returning");
  const list = returning < 0 ? "1" : tokens.slice(returning + 1);
  const search =
    verb === "delete" ? fromDelete(tokens, list) : verb === "update" ? fromUpdate(tokens, list) : null;
  return (search ?? body).map(inward);
}

function outward(token: PostgresToken): PostgresToken {
  return { ...token, depth: token.depth - 1 };
}

function inward(token: PostgresToken): PostgresToken {
  return { ...token, depth: token.depth + 1 };
}

function fromDelete(tokens: Tokens, list: Tokens | string): Tokens | null {
  const from = outer(tokens, "from");
  if (from < 0) return null;
  const using = outer(tokens, "using");
  const rest = beforeReturning(tokens)
    .map((token, index) => (index === using ? plain(",") : token))
    .slice(from);
  return [...select(list), ...rest];
}

function fromUpdate(tokens: Tokens, list: Tokens | string): Tokens | null {
  const set = outer(tokens, "set");
  if (set < 0) return null;
  const rest = beforeReturning(tokens).slice(set + 1);
  const where = outer(rest, "where");
  const sources = rest.slice(0, where < 0 ? rest.length : where);
  const from = sources.findIndex(
    ({ word, depth }, index) => depth === 0 && word === "from" && !followsDistinct(sources, index),
  );
  const joined = from < 0 ? [] : [plain(", "), ...sources.slice(from + 1)];
  const conditions = where < 0 ? [] : rest.slice(where);
  return [...select(list), plain("from "), ...tokens.slice(1, set), ...joined, plain(" "), ...conditions];
}

/** "is distinct from" in an assignment. */
function followsDistinct(tokens: Tokens, at: number): boolean {
  return tokens.slice(0, at).findLast(({ text }) => text !== " ")?.word === "distinct";
}

/** INSERT … VALUES searches for nothing. */
function fromInsert(tokens: Tokens): Tokens | null {
  const rest = beforeReturning(tokens);
  const conflict = rest.findIndex(
    ({ word, depth }, at) => depth === 0 && word === "on" && nextWord(rest, at) === "conflict",
  );
  const query = fromQuery(conflict < 0 ? rest : rest.slice(0, conflict));
  return query === null ? null : withoutBareParameters(query);
}

/** CREATE TABLE … AS, with its storage parameters before and WITH [NO] DATA behind. */
function fromCreate(tokens: Tokens): Tokens | null {
  const as = outer(tokens, "as");
  if (as < 0) return null;
  const rest = tokens.slice(as + 1);
  const data = rest.findIndex(
    ({ word, depth }, at) => depth === 0 && word === "with" && /^(no|data)$/.test(nextWord(rest, at) ?? ""),
  );
  return fromQuery(data < 0 ? rest : rest.slice(0, data));
}

/** The query that stands at the end, in parentheses or not. */
function fromQuery(tokens: Tokens): Tokens | null {
  const start = outer(tokens, "select", "with");
  if (start >= 0) return searchOf(tokens.slice(start));
  return insideParentheses(tokens);
}

/** The first parentheses that hold a query. */
function insideParentheses(tokens: Tokens): Tokens | null {
  const open = tokens.findIndex(
    ({ text, depth }, at) =>
      depth === 0 && text === "(" && /^(select|with)$/.test(nextWord(tokens, at) ?? ""),
  );
  if (open < 0) return null;
  const end = tokens.findIndex(({ text, depth }, at) => at > open && text === ")" && depth === 0);
  return searchOf(tokens.slice(open + 1, end).map(outward));
}

/** Rows of the source that meet none are inserted: an outer join. */
function fromMerge(tokens: Tokens): Tokens | null {
  const [into, using, on, when] = ["into", "using", "on", "when"].map((word) => outer(tokens, word));
  if (into === undefined || using === undefined || on === undefined || when === undefined) return null;
  if (into < 0 || using < into || on < using || when < on) return null;
  const [target, source] = [tokens.slice(into + 1, using), tokens.slice(using + 1, on)];
  return [...select("1"), plain("from"), ...source, plain("left join"), ...target, ...tokens.slice(on, when)];
}

function beforeReturning(tokens: Tokens): Tokens {
  const at = outer(tokens, "returning");
  return at < 0 ? tokens : tokens.slice(0, at);
}

function select(list: Tokens | string): Tokens {
  return [plain("select "), ...(typeof list === "string" ? [plain(list)] : list), plain(" ")];
}

function plain(text: string): PostgresToken {
  return { text, word: "", depth: 0 };
}
