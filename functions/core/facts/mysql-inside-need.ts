import type { UnusableIndex } from "../contract/unusable-index.ts";
import type { MysqlPlanRow } from "../probes/mysql/plans/rows.ts";
import { plural, statementText } from "../text/wording.ts";
import { mostOfCall, onlyCall } from "./routine-calls.ts";
import { rounded, type Statement } from "./statements.ts";
import type { View } from "./view.ts";

/** An index that one statement would use. */
export interface IndexWish {
  readonly table: string;
  readonly columns: readonly string[];
  readonly createIndex: string;
  readonly why: string;
  readonly source: string;
  readonly unusable?: UnusableIndex;
  /** The index by which rows are found today. */
  readonly narrows?: string;
  /** Who bears the time. */
  readonly statement: Statement;
}

/** Of what runs inside a stored program the call bears the time, where most of that goes there. */
export function wishesInside(
  view: View,
  plan: MysqlPlanRow,
  statements: readonly Statement[],
): readonly IndexWish[] {
  const { inside, suggestions, cost } = plan;
  if (inside === undefined || (inside.percentOfCall ?? 100) < mostOfCall) return [];
  const statement =
    inside.digest === null
      ? onlyCall(view)
      : statements.find(({ id, key }) => id === inside.digest && key.startsWith(`${inside.schema ?? "?"}/`));
  if (statement == null) return [];
  return suggestions.map(({ schema, table, columns, createIndex, why, unusable, narrows }) => ({
    table: `${schema}.${table}`,
    columns,
    createIndex,
    ...(unusable ? { unusable } : {}),
    ...(narrows ? { narrows } : {}),
    why: `${why}; ${insideText(plan)}`,
    source: cost === null ? "plans" : "mysql-plans",
    statement,
  }));
}

function insideText({ inside, rowsExamined, rowsUsed, calls, query }: MysqlPlanRow): string {
  const place =
    inside?.routine == null ? "a stored program" : `${inside.kind ?? "program"} ${inside.routine}`;
  const percent =
    inside?.percentOfCall == null ? "" : `, ${Math.round(inside.percentOfCall)} % of its call's time`;
  const looks =
    calls === 0
      ? ""
      : ` (${rounded(rowsExamined)} rows looked at for ${rounded(rowsUsed)} that are used${percent})`;
  return `it is inside ${place}, seen in ${plural(inside?.sessions ?? 1, "session")}${looks}: ${statementText(query) ?? "its text is not kept"}`;
}
