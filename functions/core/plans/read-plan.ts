import { type CountedCall, limitAbove, walksForFew } from "./counted-search.ts";
import { bitmapOf, everyNode, type PlanNode } from "./explain-json.ts";
import {
  candidateBesideIndex,
  candidateForJoin,
  candidateForScan,
  candidateForWalk,
  serves,
} from "./index-candidates.ts";
import type { IndexCandidate } from "./suggest-index.ts";

/** What the catalogue knows of a table's rows; relations are named by `relationKey`. */
export type TableRows = ReadonlyMap<string, number>;

export interface PlanProblem {
  readonly kind:
    | "sequential-scan"
    | "wide-index"
    | "index-walk"
    | "nested-loop"
    | "sort-spill"
    | "hash-spill"
    | "row-estimate"
    | "loop-estimate";
  /** schema.table, where one is to blame. */
  readonly relation: string | null;
  /** One sentence with the numbers. */
  readonly detail: string;
}

export interface PlanLimits {
  readonly workMemBytes: number;
  readonly hashMemBytes: number;
  readonly tableRows: TableRows;
  /** Tables of which the pages that a statement comes upon tell how many rows it looks at. */
  readonly counted?: ReadonlySet<string>;
  /** Absent: not known. */
  readonly call?: CountedCall | null;
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
      ...countedWalk(plan, node, limits),
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
  const sort = above.at(-1)?.type === "Sort" ? (above.at(-1) ?? null) : null;
  const limit = sort === null ? null : limitAbove(above.slice(0, -1));
  const firstOnes = limit !== null && limit.rows <= rows * selectiveShare;
  if (!selective && !firstOnes) return [];
  const detail = `${nameOf(node)} (${count(rows)} rows) is read whole for ${count(firstOnes ? limit.rows : node.rows)} rows`;
  const problem: PlanProblem = { kind: "sequential-scan", relation: nameOf(node), detail };
  const wanted = candidateForScan(node, sort, detail);
  if (wanted === null || !serves(wanted, selective)) return [{ problem, candidate: null }];
  const first = firstOnes && wanted.sort.length > 0 ? { first: true as const } : {};
  return [{ problem, candidate: { ...wanted, ...first, share: node.rows / rows } }];
}

/** What the counters tell, and not the plan: walked over for each of the few rows that come. */
function countedWalk(plan: PlanNode, node: PlanNode, limits: PlanLimits): readonly Found[] {
  const { call = null, counted } = limits;
  const [rows, name] = [rowsOf(node, limits), node.relation === null ? "" : nameOf(node)];
  if (call === null || rows < largeTableRows || counted?.has(name) !== true) return [];
  if (node.filter === null || !walksForFew(plan, rows, call)) return [];
  const pages = `${count(call.pages)} pages are come upon for ${count(call.rows)} rows, each call`;
  const by = node.index?.name ?? node.walks;
  const detail = `${by === undefined ? `${name} is read whole` : `${name} is read along index ${by}`}: ${pages}, whatever the plan expects`;
  const wanted = node.index ? candidateBesideIndex(node, node.index, detail) : candidateForWalk(node, detail);
  if (wanted === null) return [];
  const problem: PlanProblem = { kind: "index-walk", relation: name, detail };
  return [{ problem, candidate: { ...wanted, counted: true } }];
}

/**
 * What an index leaves, next to all of it thrown away by a column outside it. Only a bitmap tells how many rows the
 * index gives: by the planner, of an average value, where a large tenant has many times as many.
 */
function wideIndex(node: PlanNode): readonly Found[] {
  const bitmap = node.type === "Bitmap Heap Scan" ? bitmapOf(node) : null;
  if (bitmap === null || bitmap.rows < manyLoops || node.rows > bitmap.rows * keptShare) return [];
  const detail = `index ${bitmap.name} of ${nameOf(node)} leaves about ${count(bitmap.rows)} rows of an average value, each of which is tested for ${count(node.rows)}`;
  const candidate = candidateBesideIndex(node, bitmap, detail);
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
