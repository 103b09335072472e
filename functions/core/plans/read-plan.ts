import { everyNode, type PlanNode } from "./explain-json.ts";
import { hasGuessedShare } from "./guessed-share.ts";
import { candidateBesideIndex, candidateForJoin, candidateForScan } from "./index-candidates.ts";
import type { IndexCandidate } from "./suggest-index.ts";

/** What the catalogue knows of a table's rows; relations are named by `relationKey`. */
export type TableRows = ReadonlyMap<string, number>;

export interface PlanProblem {
  readonly kind:
    | "sequential-scan"
    | "wide-index"
    | "nested-loop"
    | "sort-spill"
    | "hash-spill"
    | "row-estimate";
  /** schema.table, where one is to blame. */
  readonly relation: string | null;
  /** One sentence with the numbers. */
  readonly detail: string;
}

export interface PlanLimits {
  readonly workMemBytes: number;
  readonly hashMemBytes: number;
  readonly tableRows: TableRows;
}

export interface PlanReading {
  readonly problems: readonly PlanProblem[];
  readonly candidates: readonly IndexCandidate[];
}

export const relationKey = (schema: string | null, relation: string): string => `${schema ?? ""}.${relation}`;

/** Tables of fewer rows are read whole as quickly as by an index. */
export const largeTableRows = 10_000;
/** A scan that hands on more than this share of a table is not helped by an index. */
const selectiveShare = 0.1;
const manyLoops = 1000;
/** Of what an index leaves: who keeps more is served by it. */
const keptShare = 0.01;
/** Of a tuple in memory beside its values: header and pointer. */
const tupleOverheadBytes = 24;

/** Pure. What is slow by design in a plan, and which indexes could be tried. */
export function readPlan(plan: PlanNode, limits: PlanLimits): PlanReading {
  const problems: PlanProblem[] = [];
  const candidates: IndexCandidate[] = [];
  visit(plan, []);
  return { problems, candidates };

  function visit(node: PlanNode, above: readonly PlanNode[]): void {
    const parent = above.at(-1) ?? null;
    const found = [
      ...sequentialScan(node, above, limits),
      ...wideIndex(node),
      ...nestedLoop(node, limits),
      ...joinedScan(node, limits),
      ...spill(node, parent, limits),
    ];
    for (const { problem, candidate } of found) {
      problems.push(problem);
      if (candidate) candidates.push(candidate);
    }
    for (const child of node.children) visit(child, [...above, node]);
  }
}

interface Found {
  readonly problem: PlanProblem;
  readonly candidate: IndexCandidate | null;
}

function rowsOf(node: PlanNode, { tableRows }: PlanLimits): number {
  return node.relation === null ? 0 : (tableRows.get(relationKey(node.schema, node.relation)) ?? 0);
}

const isSequential = (node: PlanNode): boolean => node.type === "Seq Scan" && node.relation !== null;
const nameOf = (node: PlanNode): string => relationKey(node.schema, node.relation ?? "");
const count = (rows: number): string => String(Math.round(rows));

/** A large table read whole for few of its rows, or for the first ones of an order. */
function sequentialScan(node: PlanNode, above: readonly PlanNode[], limits: PlanLimits): readonly Found[] {
  const rows = rowsOf(node, limits);
  if (!isSequential(node) || rows < largeTableRows) return [];
  const selective = node.filter !== null && node.rows <= rows * selectiveShare;
  const [limit, sort] = [above.at(-2), above.at(-1)];
  const firstOnes = limit?.type === "Limit" && sort?.type === "Sort" && limit.rows <= rows * selectiveShare;
  if (!selective && !firstOnes) return [];
  const detail = `${nameOf(node)} (${count(rows)} rows) is read whole for ${count(firstOnes ? limit.rows : node.rows)} rows`;
  const problem: PlanProblem = { kind: "sequential-scan", relation: nameOf(node), detail };
  return [{ problem, candidate: candidateForScan(node, sort ?? null, detail) }];
}

/**
 * What an index leaves, next to all of it thrown away by a column outside it. Only a bitmap tells how many rows the
 * index gives: by the planner, of an average value, where a large tenant has many times as many.
 */
function wideIndex(node: PlanNode): readonly Found[] {
  const [bitmap] = node.children;
  if (node.type !== "Bitmap Heap Scan" || bitmap?.index === undefined || bitmap.rows < manyLoops) return [];
  if (node.rows > bitmap.rows * keptShare) return [];
  const { name } = bitmap.index;
  const detail = `index ${name} of ${nameOf(node)} leaves about ${count(bitmap.rows)} rows of an average value, each of which is tested for ${count(node.rows)}`;
  const candidate = candidateBesideIndex(node, bitmap.index, detail);
  const problem: PlanProblem = { kind: "wide-index", relation: nameOf(node), detail };
  return candidate === null ? [] : [{ problem, candidate }];
}

/** The inner side read whole for each row of the outer one. */
function nestedLoop(node: PlanNode, limits: PlanLimits): readonly Found[] {
  const [outer, inner] = node.children;
  if (node.type !== "Nested Loop" || !outer || !inner || outer.rows < manyLoops) return [];
  const scan = [...everyNode(inner)].find(isSequential);
  const innerRows = scan ? rowsOf(scan, limits) : 0;
  if (!scan || outer.rows * innerRows < largeTableRows * manyLoops) return [];
  const detail = `${nameOf(scan)} (${count(innerRows)} rows) is read whole for each of ${count(outer.rows)} rows`;
  const problem: PlanProblem = { kind: "nested-loop", relation: nameOf(scan), detail };
  return [{ problem, candidate: candidateForJoin(scan, node.joinCondition ?? scan.filter, detail) }];
}

/** A large table read whole only to find the partners of a few rows. */
function joinedScan(node: PlanNode, limits: PlanLimits): readonly Found[] {
  if (!node.type.endsWith(" Join") && node.type !== "Nested Loop") return [];
  const sides = node.children.filter(({ role }) => role === "Outer" || role === "Inner");
  return sides.flatMap((side, index) => {
    const other = sides[1 - index];
    const scan = scanUnder(side);
    const rows = scan ? rowsOf(scan, limits) : 0;
    if (!other || !scan || rows < largeTableRows || scan.rows <= rows * selectiveShare) return [];
    if (other.rows > rows / 100 || node.rows > rows * selectiveShare) return [];
    const detail = `${nameOf(scan)} (${count(rows)} rows) is read whole to find the partners of ${count(other.rows)} rows`;
    const candidate = candidateForJoin(scan, node.joinCondition, detail);
    return [{ problem: { kind: "sequential-scan", relation: nameOf(scan), detail }, candidate }];
  });
}

function scanUnder(side: PlanNode): PlanNode | null {
  if (isSequential(side)) return side;
  const [only] = side.children;
  const passing = side.type === "Hash" || side.type === "Sort" || side.type === "Materialize";
  return passing && only && isSequential(only) ? only : null;
}

/** What a sort or a hash table will need against what it may have. */
function spill(node: PlanNode, parent: PlanNode | null, limits: PlanLimits): readonly Found[] {
  // Under a Limit a sort keeps only the rows that are asked for.
  const sorts = node.type === "Sort" && parent?.type !== "Limit";
  if (!sorts && node.type !== "Hash" && node.plannedPartitions === 0) return [];
  const input = node.children[0] ?? node;
  const bytes = input.rows * (Math.ceil(input.widthBytes / 8) * 8 + tupleOverheadBytes);
  const allowed = sorts ? limits.workMemBytes : limits.hashMemBytes;
  if (bytes <= allowed && node.plannedPartitions === 0) return [];
  const detail = `a ${node.type} of ${count(input.rows)} rows needs about ${megabytes(bytes)} of the ${megabytes(allowed)} that it may have`;
  return [
    { problem: { kind: sorts ? "sort-spill" : "hash-spill", relation: null, detail }, candidate: null },
  ];
}

function megabytes(bytes: number): string {
  return `${Math.max(1, Math.round(bytes / 1024 / 1024))} MB`;
}

/**
 * Of a statement whose LIMIT is a parameter the planner takes a tenth of all rows to be wanted: that says nothing of its
 * statistics, unless more come than it knows of at all.
 * https://github.com/postgres/postgres/blob/master/src/backend/optimizer/util/pathnode.c (adjust_limit_rows_costs)
 *
 * The same of a share that it takes of a range or a pattern whose value it does not know.
 *
 * @param meanRows Rows that the statement really handed out, by its statistics.
 */
export function rowEstimateProblem(
  plan: PlanNode,
  meanRows: number,
  { query, tableRows }: { readonly query: string; readonly tableRows: TableRows },
): PlanProblem | null {
  if (plan.type === "Limit" && meanRows <= 10 * Math.max(1, plan.children[0]?.rows ?? plan.rows)) return null;
  if (hasGuessedShare(query) && meanRows <= knownRows(plan, tableRows)) return null;
  const [estimated, real] = [Math.max(1, plan.rows), Math.max(1, meanRows)];
  const factor = Math.max(estimated / real, real / estimated);
  if (factor < 10 || Math.max(estimated, real) < 100) return null;
  const detail = `${count(plan.rows)} rows are expected, ${count(meanRows)} come on average`;
  return { kind: "row-estimate", relation: null, detail };
}

/** Of the largest table in it. */
function knownRows(plan: PlanNode, tableRows: TableRows): number {
  const rows = [...everyNode(plan)].flatMap(({ schema, relation }) =>
    relation === null ? [] : [tableRows.get(relationKey(schema, relation)) ?? 0],
  );
  return Math.max(0, ...rows);
}
