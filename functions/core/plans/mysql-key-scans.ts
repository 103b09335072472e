import { type LackingSide, sideWithoutIndex } from "./mysql-either-side.ts";
import type { MysqlPlan, MysqlTableAccess } from "./mysql-explain-json.ts";
import { asProved, type Doubt, forSide, type MysqlPlanContext } from "./mysql-plan-suggestion.ts";
import {
  columnsToSample,
  type MysqlTableFacts,
  suggestMysqlIndex,
  usableColumns,
} from "./mysql-suggest-index.ts";
import { comparedBeforeSort, conditionsBesideKey, keyLeavesMany } from "./mysql-wide-key.ts";
import type { IndexSuggestion } from "./suggest-index.ts";

export interface MysqlPlanProblem {
  readonly kind:
    | "full-scan"
    | "wide-key"
    | "join-without-index"
    | "filesort"
    | "temporary-table"
    | "row-estimate";
  /** schema.table, where one is to blame. */
  readonly table: string | null;
  /** One sentence with the numbers. */
  readonly detail: string;
}

export interface Scan {
  /** Null: that it is one is not known before a sample. */
  readonly problem: MysqlPlanProblem | null;
  readonly suggestion: IndexSuggestion | null;
  readonly doubt?: Doubt | null;
}

/** Found by a key, and next to nothing of what it leaves is used: what a better index would be, or null. */
export function scanBehindKey(
  access: MysqlTableAccess,
  plan: MysqlPlan,
  context: MysqlPlanContext,
): Scan | null {
  return (
    sortedBehindKey(access, plan, context) ??
    wideKeyOf(access, plan, context) ??
    sideBesideKey(access, plan, context)
  );
}

/** Found by a key, sorted, and cut off: an index in that order is read no further than the LIMIT. */
function sortedBehindKey(access: MysqlTableAccess, plan: MysqlPlan, context: MysqlPlanContext): Scan | null {
  const facts = context.facts.get(access.table.toLowerCase());
  const compared = comparedBeforeSort(access, plan, context);
  if (facts === undefined || compared === null || access.key === null) return null;
  const detail = `${leftBy(access, facts, context)}, which are sorted for the first few`;
  const suggestion = suggestMysqlIndex(compared, context.order, facts, detail);
  const behind = context.order.filter((column) => !compared.some((one) => isSame(one.column, column)));
  const wanted = usableColumns(compared, facts, "equality").length + behind.length;
  if (suggestion === null || behind.length === 0 || suggestion.columns.length < wanted) return null;
  const table = `${facts.schema}.${facts.table}`;
  return {
    problem: { kind: "wide-key", table, detail },
    suggestion: { ...suggestion, narrows: access.key },
  };
}

function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

function leftBy(
  { key, keyParts = [] }: MysqlTableAccess,
  { schema, table }: MysqlTableFacts,
  { examinedPerCall = 0 }: MysqlPlanContext,
): string {
  return `index ${key} (${keyParts.join(", ")}) of ${schema}.${table} leaves about ${Math.round(examinedPerCall)} rows a call`;
}

/** Not read whole, and yet next to all of what its key leaves is thrown away. */
function wideKeyOf(access: MysqlTableAccess, plan: MysqlPlan, context: MysqlPlanContext): Scan | null {
  const facts = context.facts.get(access.table.toLowerCase());
  const found = conditionsBesideKey(access, plan, context);
  if (facts === undefined || found === null || access.key === null) return null;
  const [{ column } = { column: "" }] = found.beside;
  const table = `${facts.schema}.${facts.table}`;
  const detail = `${leftBy(access, facts, context)}, and ${column} is tested on each of them`;
  const made = suggestMysqlIndex(found.conditions, [], facts, detail);
  const suggestion = made && { ...made, narrows: access.key };
  if (found.proved) return { problem: { kind: "wide-key", table, detail }, suggestion };
  const columns = suggestion === null ? [] : columnsToSample(found.beside, facts, suggestion);
  if (suggestion === null || columns.length === 0) return null;
  const answer = asProved(suggestion, { schema: facts.schema, table: facts.table, columns }, context.shares);
  const problem = { kind: "wide-key", table, detail: `${detail}${answer.because}` } as const;
  return { ...answer, problem: answer.doubt === null ? problem : null };
}

/** A key leaves thousands of rows (those of a tenant), and the OR beside it has one side that no index finds. */
function sideBesideKey(access: MysqlTableAccess, plan: MysqlPlan, context: MysqlPlanContext): Scan | null {
  const facts = context.facts.get(access.table.toLowerCase());
  const side = facts && keyLeavesMany(access, plan, context) ? sideWithoutIndex(access, plan, facts) : null;
  if (facts === undefined || side === null || access.key === null) return null;
  if (isFoundBehindKey(side, access, facts)) return null;
  const detail = leftBy(access, facts, context);
  // The counters are of the key's rows; the new index has those of everybody.
  const { suggestion, doubt, because } = forSide({ ...side, alone: false }, detail, facts, context);
  const problem = {
    kind: "wide-key",
    table: `${facts.schema}.${facts.table}`,
    detail: `${detail}${because}`,
  } as const;
  return {
    problem: doubt === null ? problem : null,
    suggestion: suggestion && { ...suggestion, narrows: access.key },
    doubt,
  };
}

/** An index has the side's column behind the key's: a SELECT for each side finds it, and no other index is needed. */
function isFoundBehindKey(
  { conditions }: LackingSide,
  { keyParts = [] }: MysqlTableAccess,
  { indexes }: MysqlTableFacts,
): boolean {
  return indexes.some(
    ([first = "", ...behind]) =>
      keyParts.some((part) => isSame(part, first)) &&
      behind.some((name) => conditions.some(({ column }) => isSame(column, name))),
  );
}
