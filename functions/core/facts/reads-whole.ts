import type { IndexNeed } from "./index-need.ts";
import { rounded } from "./statements.ts";
import { tableKey, tablesOf } from "./table-facts.ts";
import type { View } from "./view.ts";

const pageBytes = 8192;
const nearlyAll = 0.9;
/** Who walks an index comes upon many pages more than once. */
const hardlyMore = 1.1;
/** Of the calls: other statements may scan the table beside. */
const mostCalls = 0.75;

/**
 * A plan for any value goes by an index, and the value that is asked for has more rows: by the counters the table is read
 * whole, as often as the statement is called. The same need, told so; as it is where they do not show it.
 */
export function asRead(view: View, need: IndexNeed): IndexNeed {
  const { narrows, ...whole } = need;
  const table = (tablesOf(view) ?? []).find((one) => tableKey(one) === need.table);
  if (narrows === undefined || table === undefined || table.bytes === 0) return need;
  const calls = need.wantedBy.reduce((sum, { now }) => sum + now.callsPerSecond, 0);
  const scans = table.now.seqScansPerSecond ?? 0;
  const pages = need.wantedBy.map(({ total }) => (total.pages ?? 0) / Math.max(1, total.calls));
  const all = table.bytes / pageBytes;
  if (calls === 0 || scans < mostCalls * calls) return need;
  if (!pages.every((each) => each >= nearlyAll * all && each <= hardlyMore * all)) return need;
  const says = `by the counters it is read whole for the values that are asked for: each call comes upon ${rounded(Math.max(...pages))} pages, as many as the table has, and it has ${rounded(scans)} sequential scans a second (each parallel worker's counts) beside ${rounded(calls)} calls`;
  // What is counted says of an index only what the plan expects.
  const planned = need.counted ? [] : need.why.map((why) => `planned for any value: ${why}`);
  return { ...whole, why: [...planned, says] };
}
