import type { UnusableIndex } from "../contract/unusable-index.ts";
import type { PostgresPlanRow } from "../probes/postgres/plans/rows.ts";
import { compare } from "../text/compare.ts";
import { type Statement, statementsOf } from "./statements.ts";
import { plansOf } from "./table-facts.ts";
import { asRunning, asStatement } from "./uncounted-statements.ts";
import type { View } from "./view.ts";

/** An index that statements would use, and what they do without it. */
export interface IndexNeed {
  readonly table: string;
  readonly columns: readonly string[];
  readonly statement: string;
  /** What the plans show. */
  readonly why: readonly string[];
  /** The share of the plan's cost that would be left; null: not tried. */
  readonly costLeft: number | null;
  readonly source: string;
  /** It is there already, and the planner may not use it. */
  readonly unusable?: UnusableIndex;
  /** The index by which rows are found today, and that leaves too many; absent: the table is read whole. */
  readonly narrows?: string;
  /** It holds these rows alone; absent: all. */
  readonly where?: string;
  /** That it selects is told by counters alone; absent: by a plan. */
  readonly counted?: true;
  /** Statements that want it, most of the time now first. */
  readonly wantedBy: readonly Statement[];
}

/** A hypothetical index must take this part of the plan's cost away to be worth its upkeep. */
const worthwhile = 0.5;

/** From plans of PostgreSQL, one for each index, whoever wants it. */
export function postgresNeeds(view: View): readonly IndexNeed[] {
  const statements = statementsOf(view) ?? [];
  const wishes = plansOf(view).flatMap((plan) =>
    plan.suggestions.map((suggestion) => ({
      plan,
      suggestion,
      statement: statementOf(view, plan, statements),
    })),
  );
  const byIndex = Map.groupBy(wishes, ({ suggestion }) => suggestion.createIndex);
  return [...byIndex]
    .toSorted(([a], [b]) => compare(a, b))
    .flatMap(([createIndex, wanting]) => {
      const [first] = wanting;
      const costs = wanting.map(({ plan, suggestion }) => costLeft(plan, suggestion.costWithIndex));
      const known = costs.filter((cost) => cost !== null);
      if (first === undefined || (known.length > 0 && known.every((cost) => cost > worthwhile))) return [];
      return [
        {
          table: `${first.suggestion.schema}.${first.suggestion.table}`,
          columns: first.suggestion.columns,
          ...(first.suggestion.unusable ? { unusable: first.suggestion.unusable } : {}),
          ...(first.suggestion.narrows ? { narrows: first.suggestion.narrows } : {}),
          ...(first.suggestion.where ? { where: first.suggestion.where } : {}),
          ...(first.suggestion.counted ? { counted: true } : {}),
          statement: createIndex,
          why: [...new Set(wanting.map(({ suggestion }) => suggestion.why))].toSorted(compare),
          costLeft: known.length === 0 ? null : Math.min(...known),
          source: "postgres-plans",
          wantedBy: wanting.map(({ statement }) => statement).toSorted(busiest),
        },
      ];
    });
}

export function busiest(a: Statement, b: Statement): number {
  return (
    b.now.averageSessions - a.now.averageSessions ||
    b.total.seconds - a.total.seconds ||
    compare(a.key, b.key)
  );
}

function costLeft({ totalCost }: PostgresPlanRow, withIndex: number | null): number | null {
  return withIndex === null || totalCost === null || totalCost <= 0 ? null : withIndex / totalCost;
}

/** Its counters now; only its totals when it was not among the top statements. */
function statementOf(view: View, plan: PostgresPlanRow, statements: readonly Statement[]): Statement {
  const found = statements.find(({ id, user }) => id === plan.queryId && user === plan.user);
  return found ?? asRunning(view, plan) ?? asStatement(plan);
}
