import type { IndexNeed } from "./index-need.ts";
import { rounded } from "./statements.ts";
import { tableKey, tablesOf } from "./table-facts.ts";
import type { View } from "./view.ts";

const pageBytes = 8192;
const nearlyAll = 0.9;
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
  const pages = Math.min(...need.wantedBy.map(({ total }) => (total.pages ?? 0) / Math.max(1, total.calls)));
  if (calls === 0 || scans < mostCalls * calls || pages * pageBytes < nearlyAll * table.bytes) return need;
  const says = `by the counters it is read whole for the values that are asked for: ${rounded(scans)} sequential scans a second beside ${rounded(calls)} calls, of ${rounded(pages)} pages each`;
  return { ...whole, why: [...need.why.map((why) => `planned for any value: ${why}`), says] };
}
