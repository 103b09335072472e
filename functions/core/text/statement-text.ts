/** What a statement's normalised text says about its shape. Texts are the server's, so keywords stand by themselves. */

const outsideStrings = (query: string): string => query.replace(/`[^`]*`|"[^"]*"/g, "x");

/** SELECT from some table, to hand rows to its client. */
export function isSelect(query: string | null): query is string {
  return query !== null && /^\s*(\(\s*)*(select|with)\b/i.test(query) && /\bfrom\b/i.test(query);
}

/** LIMIT, FETCH FIRST, or a result that is one row by its nature: an aggregate without GROUP BY. */
export function isBounded(query: string): boolean {
  const text = outsideStrings(query);
  if (/\b(limit|fetch\s+(first|next))\b/i.test(text)) return true;
  const aggregate = /^\s*select\s+(count|sum|min|max|avg)\s*\(/i.test(text);
  return aggregate && !/\bgroup\s+by\b/i.test(text);
}

/** Looks up rows by a key that the application gives: WHERE something = a parameter. */
export function isLookup(query: string | null): boolean {
  if (!isSelect(query)) return false;
  const text = outsideStrings(query);
  const where = text.search(/\bwhere\b/i);
  return where >= 0 && /(?:=|\bin)\s*(?:\(\s*)?(?:\$\d+|\?)/i.test(text.slice(where));
}
