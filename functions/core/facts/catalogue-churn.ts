import type { TableRow } from "../probes/postgres/tables/rows.ts";
import { rounded, statementsOf } from "./statements.ts";
import type { View } from "./view.ts";

const makesTemporary = /^\s*create\s+(?:(?:local|global)\s+)?temp(?:orary)?\s+table\b/i;
/** Where a table and its columns, types, indexes and what depends on them are kept. */
const ofTables = /^pg_(?:class|attribute|attrdef|type|depend|index|constraint)$/;
const someAMinute = 0.05;

/** Where the dead rows of a catalogue come from; null of any other table. */
export function catalogueChurn(
  view: View,
  { schema, table }: Pick<TableRow, "schema" | "table">,
): string | null {
  if (schema !== "pg_catalog" || !ofTables.test(table)) return null;
  const perSecond = (statementsOf(view) ?? [])
    .filter(({ query }) => makesTemporary.test(query ?? ""))
    .reduce((sum, { now }) => sum + now.callsPerSecond, 0);
  return perSecond >= someAMinute
    ? `temporary tables are made ${rounded(perSecond)} times a second, and each leaves its rows in the catalogue when it goes: one made once a session, ON COMMIT DELETE ROWS, leaves none`
    : "what is made and dropped again, temporary tables most of all, leaves its rows there";
}
