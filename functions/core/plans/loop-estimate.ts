import { duration } from "../text/wording.ts";
import type { CountedCall } from "./counted-search.ts";
import { everyNode, type PlanNode } from "./explain-json.ts";
import { largeTableRows, type PlanProblem, relationKey, type TableRows } from "./read-plan.ts";

/** So many rows are joined one by one without a second thought. */
const fewLoops = 10;
/** So many times what was planned for is no chance: a page that is come upon costs a tenth of a unit and more. */
const farMore = 100;
const manyPages = 3000;

/** Even of a CPU that a hundred others want so many units of cost are done in a second. */
const unitsPerSecond = 1000;
const longSeconds = 1;

/** So many times what a call takes on average is no chance. */
const farLonger = 10;

interface WorkDone {
  /** What a statement's calls came to; null: not counted. */
  readonly call: CountedCall | null;
  /** For how long the one whose plan it is has worked, in seconds; null: not known. */
  readonly ran: number | null;
}

interface Counted {
  readonly calls: number;
  readonly seconds: number;
  /** Null: not counted. */
  readonly pages: number | null;
}

/**
 * Of a call that has run for so many seconds and only worked. Null where calls take as long as that and come upon few
 * pages: a machine that is slow makes all of them slow.
 */
export function outlasting(ran: number | null, { calls, seconds, pages }: Counted): number | null {
  const each = Math.max(1, calls);
  const little = pages !== null && pages < manyPages * each;
  return ran === null || (little && ran < (farLonger * seconds) / each) ? null : ran;
}

/**
 * Tables that a plan joins row by row, since it expects next to none, while each call comes upon far more pages than its
 * whole cost stands for. Pages are work that was done, however long it waited. Where the rows depend on a parameter it
 * may be one value that has many, which no statistics would tell of a plan for any.
 */
export function loopEstimates(
  plan: PlanNode,
  { call, ran }: WorkDone,
  tableRows: TableRows,
): readonly PlanProblem[] {
  const work = workOf(plan, call, ran);
  if (work === null) return [];
  // A LIMIT promises an end that may come late.
  if ([...everyNode(plan)].some(({ type }) => type === "Limit")) return [];
  const loop = [...everyNode(plan)].find(isShortLoop);
  const scans = loop === undefined ? [] : [...everyNode(loop)].filter(({ relation }) => relation !== null);
  const names = new Set(scans.map(({ schema, relation }) => relationKey(schema, relation ?? "")));
  const detail = `about ${Math.round(loop?.children[0]?.rows ?? 0)} rows are expected to be looked up one by one in ${[...names].at(-1)}, and ${round(plan.totalCost)} is the cost of it all: ${work}`;
  return [...names]
    .filter((name) => (tableRows.get(name) ?? 0) >= largeTableRows)
    .map((relation) => ({ kind: "loop-estimate", relation, detail }));
}

/** Far more than the plan's whole cost stands for; null where it is not. */
function workOf({ totalCost }: PlanNode, call: CountedCall | null, ran: number | null): string | null {
  if (call !== null && call.pages >= Math.max(manyPages, farMore * totalCost))
    return `each call comes upon ${Math.round(call.pages)} pages`;
  if (ran !== null && ran >= longSeconds && ran * unitsPerSecond >= farMore * totalCost)
    return `one has run for ${duration(ran)}`;
  return null;
}

function isShortLoop({ type, children: [outer, inner] }: PlanNode): boolean {
  if (type !== "Nested Loop" || outer === undefined || inner === undefined || outer.rows > fewLoops)
    return false;
  return ![...everyNode(outer)].some(({ filter, index }) =>
    /\$\d/.test(`${filter ?? ""} ${index?.condition ?? ""}`),
  );
}

const round = (cost: number): string => String(Math.round(cost * 10) / 10);
