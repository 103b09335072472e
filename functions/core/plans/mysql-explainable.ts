import { lexSql } from "../text/lex-sql.ts";
import { asMysqlSelect } from "./mysql-as-select.ts";
import { computingFunctions, syntaxBeforeParenthesis } from "./mysql-builtin-functions.ts";
import { type MysqlTableName, orderColumns, tablesIn } from "./mysql-names.ts";
import type { MysqlToken } from "./mysql-token.ts";

export type MysqlExplainable =
  | {
      readonly kind: "yes";
      /** One SELECT. */
      readonly sql: string;
      readonly tables: readonly MysqlTableName[];
      /** The columns of the outermost ORDER BY, or else of GROUP BY; none when there are expressions among them. */
      readonly order: readonly string[];
      readonly descending?: true;
      readonly limited: boolean;
      /** It gives fewer rows than it finds: aggregates, groups, DISTINCT, HAVING. */
      readonly folded: boolean;
      /** It was a prepared statement or a digest, and its values are made up. */
      readonly assumedValues: boolean;
      /** Made of a digest: what is compared with a value is compared with two; absent: as it was sent. */
      readonly paired?: true;
    }
  | { readonly kind: "no"; readonly reason: string };

const maxLength = 20_000;
const aggregates = /^(?:count|sum|avg|min|max|group_concat)$/;

/**
 * A statement as a SELECT that EXPLAIN takes in a read-only session: UPDATE and DELETE become the search for their
 * rows, INSERT … SELECT what it reads; explaining them as they are takes the right to write, and is refused there.
 * @param text the whole statement with its values, as the server keeps a sample of it.
 */
export function explainableMysql(text: string): MysqlExplainable {
  // The server's own mark for a sample that it cut.
  if (text.length > maxLength || text.endsWith("...")) return no("its text was cut off or is too long");
  const tokens = tokensOf(text);
  if (tokens === null) return no("it holds more than one statement, or its text was cut off");
  const statement = asMysqlSelect(tokens);
  if (statement === null) return no("only SELECT, UPDATE, DELETE, INSERT … SELECT and WITH are explained");
  const danger = dangerIn(statement);
  if (danger !== null) return no(danger);
  const assumedValues = statement.some(({ text: piece }) => piece === "?");
  return {
    kind: "yes",
    sql: statement
      .map((token, at) => (token.spaced ? " " : "") + literalOf(token, statement[at - 1], statement))
      .join("")
      .trim(),
    tables: tablesIn(statement),
    order: orderColumns(statement),
    ...(statement.some(({ word, depth }) => depth === 0 && word === "desc") ? { descending: true } : {}),
    folded: statement.some(
      ({ word, depth }, at) =>
        depth === 0 &&
        (/^(?:group|distinct|having)$/.test(word) ||
          (aggregates.test(word) && statement[at + 1]?.text === "(")),
    ),
    limited: statement.some(({ word, depth }) => depth === 0 && word === "limit"),
    assumedValues,
  };
}

function no(reason: string): MysqlExplainable {
  return { kind: "no", reason };
}

/** Without blanks and comments; null when a semicolon has more after it, or a quote or parenthesis is never closed. */
function tokensOf(text: string): readonly MysqlToken[] | null {
  const pieces = piecesOf(text);
  const end = pieces.findIndex((piece) => piece.text === ";");
  if (end >= 0 && end < pieces.length - 1) return null;
  const statement = end < 0 ? pieces : pieces.slice(0, end);
  if (statement.some(({ kind, text: piece }) => kind === "literal" && isOpen(piece))) return null;
  let depth = 0;
  const tokens = statement.map(({ kind, text: piece, spaced }): MysqlToken => {
    if (piece === ")") depth -= 1;
    const bare = kind === "code" && /^[\p{L}_]/u.test(piece);
    const token = { text: piece, word: bare ? piece.toLowerCase() : "", depth, spaced };
    if (piece === "(") depth += 1;
    return token;
  });
  return depth === 0 && tokens.length > 0 ? joined(tokens) : null;
}

function piecesOf(text: string): readonly { kind: string; text: string; spaced: boolean }[] {
  let spaced = false;
  return [...lexSql(text, "mysql")].flatMap((token) => {
    const blank = token.kind === "space" || token.kind === "comment";
    const piece = { ...token, spaced };
    spaced = blank;
    return blank ? [] : [piece];
  });
}

/** ":=" lexes as two, and "@x" as "@" and "x". */
function joined(tokens: readonly MysqlToken[]): readonly MysqlToken[] {
  const result: MysqlToken[] = [];
  for (const token of tokens) {
    const last = result.at(-1);
    const glued =
      last && !token.spaced && (/^@+$/.test(last.text) || (last.text === ":" && token.text === "="));
    if (last && glued) result[result.length - 1] = { ...last, text: last.text + token.text };
    else result.push(token);
  }
  return result;
}

function isOpen(literal: string): boolean {
  if (literal.startsWith("`")) return true;
  const quote = /['"]/.exec(literal)?.[0];
  return quote !== undefined && (!literal.endsWith(quote) || literal.length < literal.indexOf(quote) + 2);
}

function dangerIn(tokens: readonly MysqlToken[]): string | null {
  for (const [at, { text, word }] of tokens.entries()) {
    if (text === ":=" || word === "into" || word === "procedure") return "it writes to a variable or a file";
    if (text.startsWith("@")) return "it reads variables of its session";
    if (tokens[at + 1]?.text !== "(" || !isName(text)) continue;
    const qualified = tokens[at - 1]?.text === ".";
    const named = /^(with|recursive)$/.test(tokens[at - 1]?.word ?? "");
    const known =
      named || (!qualified && (computingFunctions.has(word) || syntaxBeforeParenthesis.has(word)));
    if (!known) return `it calls ${text}, and planning could run that with the responder's rights`;
  }
  return null;
}

export function isName(piece: string | undefined): boolean {
  return piece !== undefined && (/^[\p{L}_]/u.test(piece) ? !/['"]$/.test(piece) : piece.startsWith("`"));
}

/** A string compares with a column of any type through its index; LIMIT takes numbers only. */
function literalOf(token: MysqlToken, before: MysqlToken | undefined, tokens: readonly MysqlToken[]): string {
  if (token.text !== "?") return token.text;
  const at = tokens.indexOf(token);
  const counting = /^(limit|offset)$/.test(before?.word ?? "") || tokens[at - 3]?.word === "limit";
  return counting ? "1" : "'1'";
}
