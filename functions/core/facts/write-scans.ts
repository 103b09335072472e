import { mentions, tableIn } from "../text/table-in.ts";
import { spendingOf } from "./statement-cost.ts";
import { isPlainInsert } from "./statement-works.ts";
import { rounded, type Statement, statementsOf } from "./statements.ts";
import { isCalled, tableKey, tablesOf } from "./table-facts.ts";
import type { View } from "./view.ts";

export interface WriteScans {
  /** As findings name it. */
  readonly table: string;
  readonly says: string;
}

const changes = /^\s*(?:update|delete)\b/i;
/** Of a smaller table the scan is what the planner should choose. */
const manyRows = 1000;
const someScans = 3;

/**
 * As many sequential scans of a table as calls that write to it, which do not scan it themselves: something that each
 * write sets off does. Null where nothing shows it, or where other statements may have made the scans.
 */
export function writeScans(view: View, statement: Statement): WriteScans | null {
  const { query, now } = statement;
  const named = scansItself(view, statement) ? null : tableIn(query)?.toLowerCase();
  const [table, ...more] = (tablesOf(view) ?? []).filter((one) => isCalled(one, named));
  if (table === undefined || more.length > 0) return null;
  const { seqScansPerSecond: scans, seqRowsPerSecond: rows, intervalSeconds } = table.now;
  if (scans === null || rows === null || scans * intervalSeconds < someScans || rows < scans * manyRows)
    return null;
  if (scans < now.callsPerSecond * 0.75 || scans > now.callsPerSecond * 1.5) return null;
  const others = (statementsOf(view) ?? [])
    .filter(
      ({ key, query: text }) =>
        key !== statement.key && !key.endsWith("/nested") && mentions(text, table.table),
    )
    .filter((other) => spendingOf(view, other) === null || scansInPlan(view, other))
    .reduce((sum, other) => sum + other.now.callsPerSecond, 0);
  if (others * 2 >= scans) return null;
  return {
    table: tableKey(table),
    says: `${tableKey(table)} has ${rounded(scans)} sequential scans a second beside ${rounded(now.callsPerSecond)} such calls, of ${rounded(rows / scans)} rows each: each write scans the table, which its trigger, a foreign key check or a constraint does`,
  };
}

/** A change whose plan is not seen may scan by its own condition. */
function scansItself(view: View, statement: Statement): boolean {
  const { query } = statement;
  if (isPlainInsert(query)) return false;
  return !changes.test(query ?? "") || spendingOf(view, statement) === null || scansInPlan(view, statement);
}

function scansInPlan(view: View, statement: Statement): boolean {
  return spendingOf(view, statement)?.says.some((says) => /seq scan|is read whole/i.test(says)) ?? false;
}
