import type { PostgresForeignKeyIndexRow } from "../probes/postgres/foreign-key-indexes-rows.ts";
import { namesIn } from "../text/sql-names.ts";
import { countText } from "../text/wording.ts";
import { costliest } from "./statement-cost.ts";
import { rounded, type Statement } from "./statements.ts";
import { tablesOf } from "./table-facts.ts";
import type { View } from "./view.ts";

/** Rows read for nothing, of which a core does some 10 million a second: one percent of a core, all the time. */
export const wastefulRowsPerSecond = 100_000;
/** The two are counted in windows of their own. */
const near = 2;

export interface LookupScans {
  readonly statement: Statement;
  /** "65 whole reads of public.items a second (13 million rows), one for each row that a statement deletes". */
  readonly says: string;
}

/**
 * Just now: a statement that costs much deletes rows that others refer to, and for each of them the referencing table is
 * read whole. Null where nobody does, or where so many reads have another reason.
 */
export function lookupScans(view: View, row: PostgresForeignKeyIndexRow): LookupScans | null {
  const { now } = tablesOf(view)?.find((one) => one.schema === row.schema && one.table === row.table) ?? {};
  const [scans, rows] = [now?.seqScansPerSecond ?? 0, now?.seqRowsPerSecond ?? 0];
  if (rows < wastefulRowsPerSecond) return null;
  const statement = costliest(view).find(({ query, now: { rowsPerSecond } }) => {
    const alike = scans <= near * rowsPerSecond && near * scans >= rowsPerSecond;
    return deletesFrom(query ?? "", row.referencedTable) && alike;
  });
  if (statement === undefined) return null;
  const says = `${rounded(scans)} whole reads of ${row.schema}.${row.table} a second (${countText(Math.round(rows), "row")}), one for each row that a statement deletes from ${row.referencedTable}`;
  return { statement, says };
}

/** @param table with its schema. */
export function deletesFrom(query: string, table: string): boolean {
  const [schema = "", plain = ""] = namesIn(table);
  const [, name] = /\bdelete\s+from\s+(?:only\s+)?([\w."$]+)/i.exec(query) ?? [];
  const meant = name?.replaceAll('"', "").toLowerCase();
  return meant === plain.toLowerCase() || meant === `${schema}.${plain}`.toLowerCase();
}
