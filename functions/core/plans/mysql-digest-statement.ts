import { plainLiterals } from "../text/normalise-query.ts";
import { computingFunctions } from "./mysql-builtin-functions.ts";
import { madeUpList, madeUpValue } from "./mysql-made-up-values.ts";
import type { PartitionValue } from "./mysql-partition-values.ts";

const endOfValue = String.raw`(?=\s*(?:$|\))|\s+(?:and|or|xor|group|order|limit|having|union|for|lock|left|right|inner|join|cross|natural|on)\b)`;
const comparedLast = new RegExp(String.raw`(?<=[\`\w]) = \?${endOfValue}`, "gi");

/**
 * The text of a digest as a statement to explain, where the server keeps none with its values (MariaDB as it is
 * delivered), or cut it off. Lists of values are "(...)" there, and functions stand apart from their parentheses, which
 * the server would take for somebody's own. A column compared with a made-up value is compared with two: a unique key
 * would be looked up while planning, and its row is not there ("Impossible WHERE noticed after reading const tables").
 * Lists have three, so that a plan tells them apart.
 * Values in a row that stand in no list of their own are "?, ...": two of them behind LIMIT, elsewhere at least two.
 * https://dev.mysql.com/doc/refman/8.4/en/performance-schema-statement-digests.html
 * @param values what to compare the columns with by which tables are partitioned.
 */
export function statementOfDigest(text: string, values: readonly PartitionValue[] = []): string {
  return (
    values
      .reduce(withPartitionValue, plainLiterals(text))
      .replace(/\bin \(\s*\.\.\.\s*\)/gi, madeUpList)
      .replace(/\(\s*\.\.\.\s*\)/g, "(?)")
      .replace(/(?<=\blimit )\?, \.\.\./gi, "?, ?")
      // At the end it is the server's mark of a text that it cut.
      .replace(/\?, \.\.\.(?!\s*$)/g, "?, ?")
      .replace(/`?\b(\w+)`? \(/g, (all, name: string) =>
        computingFunctions.has(name.toLowerCase()) ? `${name}(` : all,
      )
      // Of a pattern it is not known how it begins.
      .replace(/\blike \?/gi, "like '%'")
      .replace(comparedLast, ` ${madeUpValue}`)
  );
}

/** What it begins with, where a value is equal or larger; what it ends before, where a value is smaller. */
function withPartitionValue(text: string, { column, low, high }: PartitionValue): string {
  const name = column.replace(/\W/g, "\\$&");
  const compared = new RegExp(String.raw`(?<![\w$])(\`?${name}\`?) (=|[<>]=?) \?${endOfValue}`, "gi");
  return text.replace(compared, (all, named: string, operator: string) => {
    if (operator.startsWith("<")) return high === null ? all : `${named} ${operator} ${high}`;
    return `${named} ${operator === ">" ? ">=" : operator} ${low}`;
  });
}
