import { conjuncts } from "./plan-conditions.ts";

/** A condition that no index on the bare column serves, and what kind of index does. */
export interface OtherCondition {
  /** `pattern`: trigrams; `contains`: GIN; `expression`: an index on it; `flag`: a partial index where it holds. */
  readonly kind: "pattern" | "contains" | "expression" | "flag";
  /** Without the alias, as an index names it. */
  readonly sql: string;
  readonly columns: readonly string[];
  /** Of a pattern that LIKE takes: it begins with letters; null: sent as a parameter, and not known. */
  readonly prefix?: boolean | null;
  /** Of an expression: it chooses one of these columns, and nothing else is in it. */
  readonly chooses?: true;
  /** Of `contains`: "@>", "?", "&&" … */
  readonly operator?: string;
}

const name = String.raw`(?:[\p{L}_][\p{L}\p{N}_$]*|"(?:[^"]|"")+")`;
const patterned = new RegExp(String.raw`^\(?(${name})\)?(?:::text)? (?:~~\*?|~\*?) `, "u");
const contains = new RegExp(String.raw`^\(?(${name})\)? (@>|@\?|@@|\?[|&]?|&&) `, "u");
const compared =
  /^([\s\S]+?) (?:=|<|>|<=|>=) (?:\$\d|'|\d|\(|now\(|CURRENT_|(?:lower|upper|btrim|md5|abs|replace)\(+\$\d)/;
const flag = new RegExp(`^(?:NOT )?(${name})$`, "u");
/**
 * Immutable for every type that they take, or for those that no time stands among (`isImmutable`): an index takes no others.
 * https://www.postgresql.org/docs/current/xfunc-volatility.html
 */
const immutable =
  /^\(*"?(?:lower|upper|btrim|ltrim|rtrim|length|char_length|md5|abs|left|right|substr|substring|replace|reverse|floor|ceil|round|mod)"?\(/;
/** Grammar and no functions, which is why EXPLAIN writes them so: immutable where what they choose from is. */
const choice = String.raw`^(?:COALESCE|GREATEST|LEAST)\(`;
const chosen = new RegExp(
  String.raw`${choice}(?:${name}|-?[\d.]+|'(?:[^']|'')*'::[\w ]+)(?:, (?:${name}|-?[\d.]+|'(?:[^']|'')*'::[\w ]+))*\)$`,
  "u",
);
const columnsAlone = new RegExp(String.raw`${choice}${name}(?:, ${name})*\)$`, "u");
const json = /(?:->>?|#>>?) '[^']*'::text(?:\[\])?\)*(?:::(?:text|integer|bigint|numeric|uuid))?$/;

/** Of those that the plan joins with AND, about the scan with this alias alone. */
export function otherConditions(expression: string | null, alias: string | null): readonly OtherCondition[] {
  if (expression === null || alias === null) return [];
  return conjuncts(expression).flatMap((part) => {
    const own = part.replaceAll(`${alias}.`, "");
    const columns = [...part.matchAll(new RegExp(String.raw`(?<![\w.])${alias}\.(${name})`, "gu"))].flatMap(
      ([, column]) => (column === undefined ? [] : [column.replace(/^"|"$/g, "")]),
    );
    const kind = kindOf(own);
    const first = columns[0];
    return kind === null || first === undefined ? [] : named(kind, own, first, [...new Set(columns)]);
  });
}

function named(
  kind: OtherCondition["kind"],
  own: string,
  first: string,
  columns: readonly string[],
): readonly OtherCondition[] {
  switch (kind) {
    case "pattern":
      return [{ kind, sql: first, columns, prefix: prefixOf(own) }];
    case "contains":
      return [{ kind, sql: first, columns, operator: contains.exec(own)?.[2] ?? "" }];
    case "expression": {
      const sql = compared.exec(own)?.[1] ?? "";
      const chooses = columnsAlone.test(sql) ? { chooses: true as const } : {};
      return sql.includes("$") ? [] : [{ kind, sql, columns, ...chooses }];
    }
    case "flag":
      return [{ kind, sql: own, columns }];
    default:
      return kind satisfies never;
  }
}

/** ILIKE and regular expressions are served by no B-tree. */
function prefixOf(part: string): boolean | null {
  const [, compared = ""] = / ~~ ([\s\S]+)$/.exec(part) ?? [];
  if (compared.startsWith("$")) return null;
  return /^'[^%_']/.test(compared);
}

function kindOf(part: string): OtherCondition["kind"] | null {
  if (patterned.test(part)) return "pattern";
  if (contains.test(part)) return "contains";
  if (flag.test(part)) return "flag";
  const left = compared.exec(part)?.[1];
  return left !== undefined && (immutable.test(left) || chosen.test(left) || json.test(left))
    ? "expression"
    : null;
}
