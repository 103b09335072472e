import type { PostgresPlanRow } from "../probes/postgres/plans/rows.ts";
import { callsOnlyHarmless } from "../text/statement-calls.ts";
import { duration } from "../text/wording.ts";
import { vcpusOfTarget } from "./rds-facts.ts";
import { sessionsRunning } from "./sessions-running.ts";
import { rounded, type Statement } from "./statements.ts";
import { switchedOff } from "./switched-off.ts";
import type { View } from "./view.ts";

/**
 * One unit of cost is a page read one after the other, or some hundred rows looked at. A volume takes milliseconds for the
 * worst of pages, and what is in the cache hundredths of one: who waits for no volume and takes longer than this for a
 * unit does what was not planned.
 * https://www.postgresql.org/docs/current/runtime-config-query.html#RUNTIME-CONFIG-QUERY-CONSTANTS
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html ("single-digit millisecond latency")
 */
const dearestSeconds = 0.001;
/**
 * More than a unit takes as a rule, of rows that are met in memory: 0.03 to 0.06 ms, measured on PostgreSQL 15 with
 * count(distinct) of texts.
 */
const usualSeconds = 0.0001;
/** Where neither its values are known nor how frequent the most frequent one is, it may do so much more. */
const unknownSkew = 100;

/**
 * That a statement computes far longer than its plan costs, in words; null where it does not, or where something else
 * may take the time. Only what meets rows with rows multiplies a wrong number so.
 */
export function contradictedPlan(view: View, plan: PostgresPlanRow, statement: Statement): string | null {
  const { query, totalCost } = plan;
  const running = sessionsRunning(view, query);
  const onCpu = running.filter(({ waitEvent }) => waitEvent === null);
  if (totalCost === null || onCpu.length * 2 <= running.length || !isPlannedWhole(query)) return null;
  const age = onCpu.reduce((sum, { statementSeconds }) => sum + (statementSeconds ?? 0), 0) / onCpu.length;
  const { callsPerSecond, meanSeconds } = statement.now;
  const mean = callsPerSecond > 0 ? meanSeconds : meanBefore(statement, plan);
  const seconds = Math.max(age, mean ?? 0);
  const least = secondsAtMost(plan, totalCost) * crowd(view);
  if (seconds < Math.max(view.thresholds.slowQuerySeconds, least)) return null;
  // Its plan is then another one than the one that is seen.
  if (switchedOff(view, statement).some(({ isRoles }) => isRoles)) return null;
  return `little to do (a plan's cost of ${rounded(totalCost)}) and computes for ${duration(seconds)}, waiting for nothing`;
}

/** Of its time; of its pages, of which one takes as long as a hundred from the cache. */
const halfOfIt = 0.5;
const littleOfIt = 0.01;

/** What it may take for any value that the planner knows of. */
function secondsAtMost({ query, sampledCost, valueSkew }: PostgresPlanRow, totalCost: number): number {
  const skew = /\$\d/.test(query) ? (valueSkew ?? unknownSkew) : 1;
  return Math.max(totalCost, sampledCost ?? 0) * Math.max(dearestSeconds, usualSeconds * skew);
}

/** Where no call has ended meanwhile, those of before tell how long one takes, if it was not its reading that took it. */
function meanBefore({ total }: Statement, { meanSeconds }: PostgresPlanRow): number | null {
  const { ioSeconds, seconds, pages, pagesRead = 0 } = total;
  if (ioSeconds === null || pages === undefined) return null;
  // Zero is also told where reading is not timed: then by the pages that it read.
  const read = ioSeconds > 0 ? ioSeconds / seconds : pagesRead / Math.max(1, pages);
  return read <= (ioSeconds > 0 ? halfOfIt : littleOfIt) ? meanSeconds : null;
}

/** How many share a CPU: each computes for so much less than it takes. */
function crowd(view: View): number {
  const computing = (view.sessions ?? []).filter(
    ({ state, own, waitEvent }) => state === "active" && !own && waitEvent === null,
  );
  return Math.max(1, computing.length / (vcpusOfTarget(view) ?? 2));
}

/** https://www.postgresql.org/docs/current/planner-optimizer.html: a plan is made before, and run as it is. */
export const keepsPlan = {
  source: "postgres-plans",
  says: "what runs already keeps its plan, and is as slow until it ends; what is asked after an ANALYZE is planned anew",
} as const;

const joined = /\bjoin\b|\bfrom\s+[\w$."]+(?:\s+(?:as\s+)?[\w$"]+)?\s*,|\(\s*select\b/i;
/** Triggers and foreign keys are in no plan's cost; a LIMIT is a bet on where rows lie; what calls itself is a guess. */
const beside =
  /\b(?:insert|update|delete|merge|limit|fetch|recursive|generate_series|unnest|lateral|tablesample)\b/i;

/**
 * Of a large document or text one such operator or function takes as long as hundreds of others, and costs the same in
 * a plan: measured on PostgreSQL 15, to_tsvector computes for 6 ms per unit of cost, md5 for 2.
 */
const dearOperator = /->|#>|@>|~|\b(?:i?like|similar\s+to)\b/i;
const dearFunction =
  /\b(?:to_tsvector|(?:\w+_)?tsquery|md5|regexp_replace|replace|encode|decode|pow|power|exp|ln|sqrt|(?:array|string)_agg|jsonb?_\w+|(?:array_|row_)?to_jsonb?)\s*\(/i;

/** Whether all that it does stands in its plan: no function of somebody's own, whose work costs next to nothing there. */
function isPlannedWhole(query: string): boolean {
  return (
    /^\s*(?:select|with)\b/i.test(query) &&
    joined.test(query) &&
    !beside.test(query) &&
    !dearOperator.test(query) &&
    !dearFunction.test(query) &&
    callsOnlyHarmless(query)
  );
}
