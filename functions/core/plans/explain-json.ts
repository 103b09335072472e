import * as z from "zod";

/** One step of a PostgreSQL plan, as EXPLAIN (FORMAT JSON, VERBOSE) without ANALYZE tells it. */
export interface PlanNode {
  /** "Seq Scan", "Nested Loop" … */
  readonly type: string;
  readonly schema: string | null;
  readonly relation: string | null;
  readonly alias: string | null;
  /** Estimated rows it hands on, for one run. */
  readonly rows: number;
  readonly widthBytes: number;
  readonly totalCost: number;
  /** "Inner", "Outer", "Subquery", "InitPlan" … */
  readonly role: string | null;
  readonly filter: string | null;
  readonly joinCondition: string | null;
  /** By which it finds rows, where it is of an index; absent from others. */
  readonly index?: { readonly name: string; readonly condition: string };
  /** The index that it walks from end to end, no condition telling it where to begin; absent from others. */
  readonly walks?: string;
  readonly sortKeys: readonly string[];
  /** Above zero: the planner already expects the hash table to go to disk. */
  readonly plannedPartitions: number;
  readonly children: readonly PlanNode[];
}

const text = z.string().optional();

/** https://www.postgresql.org/docs/current/sql-explain.html */
const nodeSchema = z.object({
  "Node Type": z.string(),
  "Parent Relationship": text,
  Schema: text,
  "Relation Name": text,
  Alias: text,
  "Plan Rows": z.number(),
  "Plan Width": z.number(),
  "Total Cost": z.number(),
  Filter: text,
  "Join Filter": text,
  "Index Name": text,
  "Index Cond": text,
  "Hash Cond": text,
  "Merge Cond": text,
  "Sort Key": z.array(z.string()).optional(),
  "Planned Partitions": z.number().optional(),
  get Plans() {
    return z.array(nodeSchema).optional();
  },
});

const answerSchema = z
  .array(z.object({ "QUERY PLAN": z.array(z.object({ Plan: nodeSchema })).min(1) }))
  .min(1);

/** The plan in the answer to an EXPLAIN; null when it is none. */
export function parseExplain(rows: unknown): PlanNode | null {
  const answer = answerSchema.safeParse(rows);
  const plan = answer.success ? answer.data[0]?.["QUERY PLAN"][0]?.Plan : undefined;
  return plan ? nodeOf(plan) : null;
}

function nodeOf(node: z.infer<typeof nodeSchema>): PlanNode {
  const { "Index Name": name, "Index Cond": condition } = node;
  return {
    type: node["Node Type"],
    schema: node.Schema ?? null,
    relation: node["Relation Name"] ?? null,
    alias: node.Alias ?? null,
    rows: node["Plan Rows"],
    widthBytes: node["Plan Width"],
    totalCost: node["Total Cost"],
    role: node["Parent Relationship"] ?? null,
    filter: node.Filter ?? null,
    joinCondition: node["Hash Cond"] ?? node["Merge Cond"] ?? node["Join Filter"] ?? null,
    ...(name === undefined || condition === undefined ? {} : { index: { name, condition } }),
    ...(name === undefined || condition !== undefined ? {} : { walks: name }),
    sortKeys: node["Sort Key"] ?? [],
    plannedPartitions: node["Planned Partitions"] ?? 0,
    children: (node.Plans ?? []).map(nodeOf),
  };
}

export function* everyNode(plan: PlanNode): Generator<PlanNode> {
  yield plan;
  for (const child of plan.children) yield* everyNode(child);
}

/** Of one index, or of what several leave together; null where one of them is not known to be of an index. */
export function bitmapOf(
  heap: PlanNode,
): (NonNullable<PlanNode["index"]> & { readonly rows: number }) | null {
  const [bitmap] = heap.children;
  if (bitmap === undefined) return null;
  const found = (bitmap.type === "BitmapAnd" ? bitmap.children : [bitmap]).map(({ index }) => index);
  const indexes = found.filter((index) => index !== undefined);
  if (indexes.length < found.length) return null;
  return {
    name: indexes.map(({ name }) => name).join(" with index "),
    condition: indexes.map(({ condition }) => `(${condition})`).join(" AND "),
    rows: bitmap.rows,
  };
}
