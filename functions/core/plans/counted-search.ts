import { everyNode, type PlanNode } from "./explain-json.ts";

/** What a call of a statement came to on average, by its statistics. */
export interface CountedCall {
  readonly rows: number;
  /** In the cache or not; each time that it came upon one. */
  readonly pages: number;
}

/** Whoever finds a row by an index comes upon a handful. */
const manyPages = 300;
/** Of a table: what an index is for. */
const fewShare = 0.01;
const passing = /^(?:Limit|LockRows|Sort|Incremental Sort|Gather|Gather Merge|Result)$/;
const scans = /^(?:Seq Scan|Index Scan)$/;

/**
 * Whether the counters of a statement tell that it walks over a large part of its one table for each row that it gives,
 * whatever the plan expects: of a parameter the planner knows an average value, and of a rare one that is asked for
 * nothing. Rows that a LIMIT took from a sort say nothing of how many were found.
 */
export function walksForFew(plan: PlanNode, rows: number, call: CountedCall | null): boolean {
  if (call === null || call.pages < manyPages * Math.max(1, call.rows)) return false;
  const nodes = [...everyNode(plan)];
  const found = nodes.filter(({ relation }) => relation !== null);
  if (found.length !== 1 || !nodes.every(({ type }) => passing.test(type) || scans.test(type))) return false;
  const sorted = nodes.some(({ type }) => type.endsWith("Sort"));
  const limited = nodes.some(({ type }) => type === "Limit");
  return !(sorted && limited) && call.rows <= rows * fewShare;
}

/** The first rows of an order are wanted: who locks them comes between. */
export function limitAbove(above: readonly PlanNode[]): PlanNode | null {
  const near = above.findLast(({ type }) => type !== "LockRows");
  return near?.type === "Limit" ? near : null;
}
