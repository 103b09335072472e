import type { PlanNode } from "./explain-json.ts";
import { type OtherCondition, otherConditions } from "./other-conditions.ts";
import { type ColumnCondition, columnConditions, conjuncts, sortColumn } from "./plan-conditions.ts";
import type { IndexCandidate } from "./suggest-index.ts";

/** From a scan's filter, and from the sort above it. Null when no condition is one that an index could serve. */
export function candidateForScan(scan: PlanNode, above: PlanNode | null, why: string): IndexCandidate | null {
  const sort = above?.type === "Sort" ? sortOf(scan, above) : [];
  const candidate = candidateOf(scan, ownConditions(scan, scan.filter), sort, why);
  if (candidate === null) return null;
  const ordered = above?.type === "Sort" && isOrderOfCondition(candidate.others ?? [], scan, above);
  return {
    ...candidate,
    ...(testsOnlyEquality(scan) ? { only: true } : {}),
    ...(ordered ? { ordered: true } : {}),
  };
}

/** Whether the one expression that is tested is the order, too: an index on it gives the first rows, and no others. */
function isOrderOfCondition(
  others: readonly OtherCondition[],
  { filter, alias }: PlanNode,
  { sortKeys }: PlanNode,
): boolean {
  const [key = "", second] = sortKeys;
  if (filter === null || second !== undefined) return false;
  const order = conjuncts(key.replace(/ (?:ASC|DESC)$/, "").replaceAll(`${alias}.`, ""))[0];
  const tested = others.filter(({ kind, sql }) => kind === "expression" && sql === order);
  return tested.length === conjuncts(filter).length;
}

/**
 * Of the first rows in an order that no index gives, all that the filter leaves are needed. Along an index of the order
 * alone it is not known how far one has to read for few that pass a filter which no index serves.
 */
export function serves(
  { equality, range, sort, others = [], ordered = false }: IndexCandidate,
  selective: boolean,
): boolean {
  return selective ? equality.length + range.length + others.length > 0 : sort.length > 0 || ordered;
}

/** From the filter of a scan that walks an index for its order; null when it tests more than an index serves. */
export function candidateForWalk(scan: PlanNode, why: string): IndexCandidate | null {
  const candidate = testsOnlyEquality(scan)
    ? candidateOf(scan, ownConditions(scan, scan.filter), [], why)
    : null;
  return candidate && { ...candidate, only: true, ...(scan.walks ? { walks: scan.walks } : {}) };
}

function testsOnlyEquality(scan: PlanNode): boolean {
  if (scan.filter === null) return false;
  const equal = ownConditions(scan, scan.filter).filter(({ kind }) => kind === "equality");
  return equal.length === conjuncts(scan.filter).length;
}

/** From a scan's filter and the condition of the index that it uses; null when anything else is tested, too. */
export function candidateBesideIndex(
  scan: PlanNode,
  index: NonNullable<PlanNode["index"]>,
  why: string,
): IndexCandidate | null {
  const filtered = ownConditions(scan, scan.filter);
  const all = scan.filter !== null && conjuncts(scan.filter).length === filtered.length;
  if (!all || !filtered.some(({ kind }) => kind === "equality")) return null;
  const candidate = candidateOf(scan, [...filtered, ...ownConditions(scan, index.condition)], [], why);
  return candidate && { ...candidate, narrows: index.name };
}

/** From the condition of a join, and the scan's own filter. */
export function candidateForJoin(
  scan: PlanNode,
  condition: string | null,
  why: string,
): IndexCandidate | null {
  const joined = ownConditions(scan, condition);
  if (!joined.some(({ kind }) => kind === "equality")) return null;
  return candidateOf(scan, [...joined, ...ownConditions(scan, scan.filter)], [], why);
}

function candidateOf(
  { schema, relation, filter, alias }: PlanNode,
  conditions: readonly ColumnCondition[],
  sort: IndexCandidate["sort"],
  why: string,
): IndexCandidate | null {
  if (relation === null || schema === null) return null;
  const of = (kind: ColumnCondition["kind"]): IndexCandidate["equality"] =>
    conditions
      .filter((condition) => condition.kind === kind)
      .map(({ column, cast, other }) => ({ column, cast, ...(other === "NULL" ? { absent: true } : {}) }));
  const [equality, range] = [of("equality"), of("range")];
  const others = otherConditions(filter, alias);
  if (equality.length + range.length + sort.length + others.length === 0) return null;
  return { schema, relation, equality, range, sort, others, why };
}

function ownConditions(scan: PlanNode, expression: string | null): readonly ColumnCondition[] {
  return columnConditions(expression).flatMap((condition) => {
    if (condition.alias === null || condition.alias === scan.alias) return [condition];
    // A join's condition may name this scan's column second: "o.customer_id = c.id".
    return columnConditions(`${condition.other} = ${condition.alias}.${condition.column}`)
      .filter(({ alias }) => condition.kind === "equality" && alias === scan.alias)
      .map((mirrored) => ({ ...mirrored, kind: condition.kind }));
  });
}

/** The whole order, or nothing: an index that gives a part of it still leaves a sort. */
function sortOf(scan: PlanNode, { sortKeys }: PlanNode): IndexCandidate["sort"] {
  const columns = sortKeys.flatMap((key) => sortColumn(key) ?? []);
  const own = columns.every(({ alias }) => alias === null || alias === scan.alias);
  return own && columns.length === sortKeys.length
    ? columns.map(({ column, order }) => ({ column, order }))
    : [];
}
