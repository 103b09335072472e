export interface ParameterPlace {
  readonly at: number;
  /** Pieces that it takes: NEW.sku takes three. */
  readonly length: number;
}

/** What a value may follow. */
const beforeValue =
  /^(?:[=<>+\-*/%(,!|&^]|and|or|xor|not|where|having|on|like|ilike|between|when|then|else|case|select|distinct|limit|offset|div|mod|regexp|rlike|interval|escape)$/i;
const endsTables =
  /^(?:where|group|order|having|limit|offset|union|intersect|except|select|set|returning|window)$/i;

/** Words that stand where a value may, and are none. */
const syntax = new Set(
  `all and any array as asc between binary both by case cross current_date current_time current_timestamp current_user
  default desc distinct distinctrow else end exists false for from group having high_priority in inner interval is join
  lateral leading left like limit localtime localtimestamp natural not null nulls offset on or order outer over partition
  range right row rows select session_user set some sql_big_result sql_calc_found_rows sql_no_cache sql_small_result
  straight_join table then trailing true union unknown using utc_date utc_time utc_timestamp values when where window
  with xor`.split(/\s+/),
);
const unitFirst = /^(?:timestampadd|timestampdiff|extract|get_format)$/i;
const hints = /^(?:index|key|using|partition)$/i;

/**
 * Where a statement inside a stored program takes a parameter or a variable of its program, or a row of its trigger:
 * servers keep its text with their names, which mean nothing outside. A name that stands for a value, that no column is
 * called, and that the statement itself gives to nothing.
 * @param pieces without blanks and comments.
 * @param isName a piece may be a name, in quotes as well.
 * @param columns of all its tables, in lower case.
 */
export function parameterPlaces(
  pieces: readonly string[],
  isName: (piece: string) => boolean,
  columns: ReadonlySet<string>,
): readonly ParameterPlace[] {
  const values = valuesIn(pieces);
  // A column that a query makes is called after the function that it is made by.
  const named = pieces
    .filter((piece, at) => isName(piece) && (!values.has(at) || pieces[at + 1] === "("))
    .map(bare);
  const known = new Set([...columns, ...named]);
  return [...values].flatMap((at) => {
    const piece = pieces[at] ?? "";
    const given = isName(piece) && !syntax.has(piece.toLowerCase()) && !known.has(bare(piece));
    const length = given ? lengthOf(pieces, at, isName) : 0;
    return length === 0 ? [] : [{ at, length }];
  });
}

/** Zero: what follows makes it a call, a typed literal, a unit, a hint or somebody's column. */
function lengthOf(pieces: readonly string[], at: number, isName: (piece: string) => boolean): number {
  const next = pieces[at + 1] ?? "";
  if (next === ".") return /^(?:new|old)$/i.test(pieces[at] ?? "") && isName(pieces[at + 2] ?? "") ? 3 : 0;
  return next === "(" || /^['"$]/.test(next) || isUnitOrHint(pieces, at) ? 0 : 1;
}

/** Places where a value may stand. */
function valuesIn(pieces: readonly string[]): ReadonlySet<number> {
  const places = new Set<number>();
  /** For each parenthesis around: in a list of tables. */
  const lists = [false];
  for (const [at, piece] of pieces.entries()) {
    const before = pieces[at - 1] ?? "";
    if (beforeValue.test(before) && !(before === "," && lists.at(-1))) places.add(at);
    if (piece === "(") lists.push(false);
    else if (piece === ")") lists.pop();
    else if (/^(?:from|update)$/i.test(piece)) lists[lists.length - 1] = true;
    else if (endsTables.test(piece)) lists[lists.length - 1] = false;
  }
  return places;
}

function isUnitOrHint(pieces: readonly string[], at: number): boolean {
  return pieces[at - 1] === "(" && (unitFirst.test(pieces[at - 2] ?? "") || hints.test(pieces[at - 2] ?? ""));
}

function bare(name: string): string {
  const quote = /^[`"]/.exec(name)?.[0];
  return (quote === undefined ? name : name.slice(1, -1).replaceAll(quote + quote, quote)).toLowerCase();
}
