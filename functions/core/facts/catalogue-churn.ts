import type { TableRow } from "../probes/postgres/tables/rows.ts";
import { rounded, statementsOf } from "./statements.ts";
import type { View } from "./view.ts";

const makesTemporary = /^\s*create\s+(?:(?:local|global)\s+)?temp(?:orary)?\b/i;

/** Where the dead rows of a catalogue come from; null of any other table. */
export function catalogueChurn(view: View, { schema }: Pick<TableRow, "schema">): string | null {
  if (schema !== "pg_catalog") return null;
  const perSecond = (statementsOf(view) ?? [])
    .filter(({ query }) => makesTemporary.test(query ?? ""))
    .reduce((sum, { now }) => sum + now.callsPerSecond, 0);
  return perSecond > 0
    ? `temporary tables are made ${rounded(perSecond)} times a second, and each leaves its rows in the catalogue when it goes: one made once a session, ON COMMIT DELETE ROWS, leaves none`
    : "what is made and dropped again, temporary tables most of all, leaves its rows there";
}
