import { lexSql } from "../text/lex-sql.ts";
import { statementOfDigest } from "./mysql-digest-statement.ts";
import { isName } from "./mysql-explainable.ts";
import { parameterPlaces } from "./routine-parameters.ts";

/**
 * A statement inside a stored program as one to explain: what the program gave it by name (MySQL keeps the names, MariaDB
 * writes NAME_CONST with the values) becomes "?", and its result goes nowhere.
 * https://dev.mysql.com/doc/refman/8.4/en/stored-program-restrictions.html
 * @param columns of all its tables, in lower case.
 */
export function statementOfRoutine(text: string, columns: ReadonlySet<string>): string {
  const pieces = withoutTargets(
    [...lexSql(text, "mysql")]
      .filter(({ kind }) => kind !== "space" && kind !== "comment")
      .map((one) => one.text),
  );
  const places = new Map(parameterPlaces(pieces, isName, columns).map(({ at, length }) => [at, length]));
  const marked: string[] = [];
  for (let at = 0; at < pieces.length; at += 1) {
    const length = places.get(at);
    marked.push(length === undefined ? (pieces[at] ?? "") : "?");
    at += (length ?? 1) - 1;
  }
  return statementOfDigest(spaced(marked));
}

/** For showing, and for telling statements apart: a value that MariaDB gave is "?" as well. Cut texts stay cut. */
export function withoutGivenValues(text: string): string {
  const pieces = [...lexSql(text, "mysql")].map((one) => one.text);
  const kept: string[] = [];
  let depth = 0;
  for (const [at, piece] of pieces.entries()) {
    if (depth === 0 && /^name_const$/i.test(piece) && pieces[at + 1] === "(") kept.push("?");
    else if (
      depth === 0 &&
      !(kept.at(-1) === "?" && piece === "(" && /^name_const$/i.test(pieces[at - 1] ?? ""))
    )
      kept.push(piece);
    else depth += depthOf(piece);
  }
  return kept.join("");
}

function depthOf(piece: string): number {
  if (piece === "(") return 1;
  return piece === ")" ? -1 : 0;
}

/** SELECT … INTO a, b: the variables of the program. A file is refused, whoever explains it. */
function withoutTargets(pieces: readonly string[]): readonly string[] {
  const into = pieces.findIndex(
    (piece, at) =>
      /^into$/i.test(piece) &&
      !/^(?:insert|replace|ignore|low_priority|delayed)$/i.test(pieces[at - 1] ?? ""),
  );
  if (into < 0 || !pieces.slice(0, into).some((piece) => /^select$/i.test(piece))) return pieces;
  let end = into + 1;
  while (isName(pieces[end]) && !/^(?:outfile|dumpfile)$/i.test(pieces[end] ?? "")) {
    end += 1;
    if (pieces[end] !== ",") return [...pieces.slice(0, into), ...pieces.slice(end)];
    end += 1;
  }
  return pieces;
}

/** As digests are written, but for signs of two characters. */
function spaced(pieces: readonly string[]): string {
  return pieces
    .map((piece, at) => {
      const before = pieces[at - 1] ?? "";
      const joined = /^[<>=!:@|&.]$/.test(piece) && /^[<>=!:@|&.]$/.test(before);
      return at === 0 || joined || before === "@" ? piece : ` ${piece}`;
    })
    .join("");
}
