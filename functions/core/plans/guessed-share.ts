/**
 * Ranges, patterns and containment: of a parameter that it does not know the planner takes a constant share of the
 * rows, whatever the statistics say. `=` and `<>` it judges by how many values the column has.
 * https://github.com/postgres/postgres/blob/master/src/include/utils/selfuncs.h (DEFAULT_INEQ_SEL, DEFAULT_MATCH_SEL)
 */
const operators = String.raw`(?<!<)<=?|(?<![<>\-#@?|])>=?|@>|<@|&&|@@|~~?\*?|\b(?:i?like|similar\s+to|between(?:\s+symmetric)?)`;
const before = new RegExp(String.raw`(?:${operators})\s*(?:any\s*)?\(*\s*\$\d+`, "i");
const behind = /\$\d+\)*(?:::\w+)?\s*(?:<=?|>=?)(?![<>@-])/;

/** Whether how many rows a plan of it expects may rest on such a guess. */
export function hasGuessedShare(statement: string): boolean {
  return before.test(statement) || behind.test(statement);
}
