import { proposeManual } from "../actions/propose.ts";
import type { ProposedAction } from "../contract/finding.ts";
import type { View } from "../facts/view.ts";
import { keepAsFound, restoreElsewhere } from "./aws/copy-remedies.ts";

/** What a person does first: keep what is there, then find out how far it goes. Repairs come last, if at all. */
export function corruptionRemedies(view: View): readonly ProposedAction[] {
  return [...keepAsFound(view), findExtent(view), ...restoreElsewhere(view, null)];
}

function findExtent({ evidence: { target } }: View): ProposedAction {
  const postgres = target.engine === "postgres";
  return proposeManual({
    id: "check-for-corruption",
    spec: ["V4"],
    risk: "safe",
    // https://www.postgresql.org/docs/current/amcheck.html, https://dev.mysql.com/doc/refman/8.4/en/check-table.html
    preview: postgres
      ? "CREATE EXTENSION IF NOT EXISTS amcheck; SELECT c.oid::regclass, v.* FROM pg_class c CROSS JOIN LATERAL verify_heapam(c.oid) v WHERE c.relkind IN ('r', 'm') AND c.relpersistence = 'p'"
      : "CHECK TABLE /* each suspicious table */ EXTENDED",
    describes: "find out which tables and indexes are damaged",
    consequence: postgres
      ? "Reads every table; run it on a restored copy or a reader where there is one. It ends at a page that cannot be read at all: then go table by table."
      : "Reads the whole table and may mark it as crashed; run it on a restored copy or a reader where there is one. InnoDB stops the server when it meets a page that it cannot use.",
  });
}
