import { createIndexOffer } from "../actions/database/create-index.ts";
import { refreshMatviewOffer } from "../actions/database/refresh-matview.ts";
import { propose, proposeManual } from "../actions/propose.ts";
import type { ProposedAction } from "../contract/finding.ts";
import type { View } from "../facts/view.ts";
import type { MatviewRow } from "../probes/postgres/matviews-rows.ts";
import { sqlLiteral } from "../text/sql-literal.ts";
import { postgresName, quoteName } from "../text/sql-names.ts";
import { asOwner } from "./run-as.ts";

/** https://www.postgresql.org/docs/current/sql-refreshmaterializedview.html: plain columns, all rows. */
export function createUniqueIndex(
  { evidence: { target } }: View,
  { schema, view, owner, keyColumn }: MatviewRow,
): ProposedAction {
  if (keyColumn === null) return findKey(schema, view);
  const index = {
    ...{ schema, table: view, name: `${view.slice(0, 40)}_key_idx` },
    ...{ unique: true, definition: `(${quoteName(keyColumn)})` },
  };
  return propose(createIndexOffer, index, target, {
    frees: null,
    describes: `make REFRESH MATERIALIZED VIEW CONCURRENTLY possible for ${view}; ${asOwner(owner)}`,
    consequence: `Blocks nobody. By its statistics ${keyColumn} tells all rows apart; if two rows share a value it fails and leaves an invalid index that must be dropped.`,
  });
}

/** Nobody knows which columns tell its rows apart: then no index can be written down, but where to look can. */
function findKey(schema: string, view: string): ProposedAction {
  const of = `schemaname = ${sqlLiteral(schema, "postgres")} AND tablename = ${sqlLiteral(view, "postgres")}`;
  return proposeManual({
    id: "find-unique-columns",
    spec: ["A11"],
    risk: "safe",
    preview: `SELECT attname, n_distinct, null_frac FROM pg_stats WHERE ${of} ORDER BY n_distinct`,
    describes: `which columns of ${view} tell its rows apart; a unique index on them makes REFRESH CONCURRENTLY possible`,
    consequence:
      "Only reads what ANALYZE has counted: -1 is a column of which no value repeats. The index must be on plain columns, over all rows, and without a WHERE.",
  });
}

export function refreshNow({ evidence: { target } }: View, row: MatviewRow): ProposedAction {
  const { schema, view: name, canRefreshConcurrently: concurrently, populated } = row;
  const told = {
    risk: concurrently ? "safe" : "disruptive",
    describes: `fill ${name} anew`,
    consequence: concurrently
      ? "Runs the view's query once and compares; readers go on."
      : `Runs the view's query once and blocks all readers meanwhile: ${row.whyNotConcurrently ?? "CONCURRENTLY is not possible"}.`,
  } as const;
  if (concurrently || !populated)
    return propose(refreshMatviewOffer, { schema, name, concurrently }, target, { frees: null, ...told });
  // When its readers can wait only a person knows.
  const preview = `REFRESH MATERIALIZED VIEW ${postgresName(schema, name)}`;
  return proposeManual({ id: refreshMatviewOffer.id, spec: ["A11"], preview, ...told });
}

/** @param name as the lock table shows it: a view that blocks is known by that even when its row was not read. */
export function refreshConcurrentlyNextTime(
  view: View,
  name: string,
  matview: MatviewRow | null,
): ProposedAction {
  // Without an index it is refused; the index comes first.
  if (matview !== null && matview.uniqueIndex === null) return createUniqueIndex(view, matview);
  return proposeManual({
    id: "refresh-concurrently",
    spec: ["A11"],
    risk: "safe",
    preview: `REFRESH MATERIALIZED VIEW CONCURRENTLY ${name}`,
    describes: `the next refresh of ${name}`,
    consequence:
      "Slower and needs more temporary space, but readers go on. Change the job that refreshes it.",
  });
}
