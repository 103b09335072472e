import type { PostgresToken } from "./postgres-token.ts";

/**
 * A parameter that is inserted as it is has the type of its column, which the query alone does not tell: "inconsistent
 * types deduced for parameter" where it is compared as well.
 */
export function withoutBareParameters(query: readonly PostgresToken[]): readonly PostgresToken[] {
  const from = query.findIndex(({ word, depth }) => depth === 0 && (word === "from" || word === "where"));
  const start = query.findIndex(({ word, depth }) => depth === 0 && word === "select");
  const ends = (at: number): boolean => {
    const token = query[at];
    return (
      token === undefined || at === from || token.word === "as" || (token.text === "," && token.depth === 0)
    );
  };
  return query.map((token, at) => {
    if (token.depth !== 0 || !/^\$\d+$/.test(token.text) || at < start || (from >= 0 && at > from))
      return token;
    const after = query.findIndex(({ text }, index) => index > at && text !== " ");
    const before = query.findLastIndex(({ text }, index) => index < at && text !== " ");
    return (before === start || ends(before)) && ends(after < 0 ? query.length : after)
      ? { text: "null", word: "", depth: 0 }
      : token;
  });
}
