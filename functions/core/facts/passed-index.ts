import { type CastColumn, castColumn, insteadOfCast } from "../text/cast-column.ts";
import { unusableIndex } from "./mysql-index-need.ts";
import type { PlanSpending } from "./statement-cost.ts";
import type { Statement } from "./statements.ts";
import type { View } from "./view.ts";

/** Why an index that there is does not serve, and what would let it; null where none is known. */
export function unusableText(view: View, statement: Statement, plan: PlanSpending | null): string | null {
  const cast =
    plan?.says.map((line) => castColumn(line, statement.query)).find((one) => one !== null) ?? null;
  const passedBy = plan?.says.find((line) => passesByIndex.test(line)) ?? null;
  const why = unusableIndex(view, statement) ?? (cast === null ? passedBy : castText(cast));
  return why === null ? null : `${why}; what would change it: ${insteadOfCast(cast)}`;
}

/** As EXPLAIN told it, whoever else uses that index. */
const passesByIndex = /^reads \S+ whole, .*; an index begins with /;

function castText({ column, type }: CastColumn): string {
  return `each row's ${column} is converted to ${type}, so that an index on ${column} does not serve`;
}
