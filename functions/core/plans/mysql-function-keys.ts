import { conjuncts, mysqlPieces, referenceAt } from "./mysql-conditions.ts";

/** Deterministic for whatever they take; DATE(x) is shown as a cast. What depends on time zone or locale is not among them. */
const functions =
  /^(?:lower|upper|trim|left|right|substr|year|month|dayofmonth|cast|abs|mod|floor|length|char_length)$/i;

/**
 * Functions of one column of this table that a plan compares with something: keys of a functional index, which MySQL has
 * from 8.0.13 on and uses for the very same expression.
 * https://dev.mysql.com/doc/refman/8.4/en/create-index.html#create-index-functional-key-parts
 */
export function mysqlFunctionKeys(condition: string, table: string): readonly string[] {
  return conjuncts(mysqlPieces(condition)).flatMap((pieces) => {
    const [name = "", open] = pieces;
    if (!functions.test(name) || open !== "(") return [];
    const close = pieces.indexOf(")");
    const operator = pieces[close + 1]?.toLowerCase() ?? "";
    const inner = pieces.slice(2, close);
    const reference = referenceAt(inner);
    if (reference === null || reference.table.toLowerCase() !== table.toLowerCase()) return [];
    if (!/^(?:=|<|>|in|between)$/.test(operator) || pieces[close + 2] === ">") return [];
    const rest = inner.slice(reference.length);
    if (!/^(?:| as (?:date|signed|unsigned)|(?: , \d+)+)$/i.test(["", ...rest].join(" "))) return [];
    return [`${name.toLowerCase()}(${[`\`${reference.column}\``, ...rest].join(" ").replaceAll(" ,", ",")})`];
  });
}
