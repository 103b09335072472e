import { proposeManual } from "../actions/propose.ts";
import type { ProposedAction } from "../contract/finding.ts";
import type { MatviewRow } from "../probes/postgres/matviews-rows.ts";
import { postgresName } from "../text/sql-names.ts";

/** https://www.postgresql.org/docs/current/sql-refreshmaterializedview.html: plain columns, all rows. */
export function createUniqueIndex({ schema, view }: MatviewRow): ProposedAction {
  return proposeManual({
    id: "create-index",
    spec: ["A10", "A11"],
    risk: "safe",
    preview: `CREATE UNIQUE INDEX CONCURRENTLY ON ${postgresName(schema, view)} (/* the columns that tell its rows apart */)`,
    describes: `make REFRESH MATERIALIZED VIEW CONCURRENTLY possible for ${view}`,
    consequence:
      "Blocks nobody. Which columns are unique only the view's owner can say; they must be plain columns, and the index without a WHERE.",
  });
}

export function refreshNow(row: MatviewRow): ProposedAction {
  const how = row.canRefreshConcurrently ? " CONCURRENTLY" : "";
  return proposeManual({
    id: "refresh-materialized-view",
    spec: ["A11"],
    risk: row.canRefreshConcurrently ? "safe" : "disruptive",
    preview: `REFRESH MATERIALIZED VIEW${how} ${postgresName(row.schema, row.view)}`,
    describes: `fill ${row.view} anew`,
    consequence: row.canRefreshConcurrently
      ? "Runs the view's query once and compares; readers go on."
      : `Runs the view's query once and blocks all readers meanwhile: ${row.whyNotConcurrently ?? "CONCURRENTLY is not possible"}.`,
  });
}

/** @param name as the lock table shows it: a view that blocks is known by that even when its row was not read. */
export function refreshConcurrentlyNextTime(name: string, matview: MatviewRow | null): ProposedAction {
  // What makes a row of it unique is for a person to say.
  const index =
    matview?.canRefreshConcurrently === true ? "" : `CREATE UNIQUE INDEX CONCURRENTLY ON ${name} (…); then `;
  return proposeManual({
    id: "refresh-concurrently",
    spec: ["A11"],
    risk: "safe",
    preview: `${index}REFRESH MATERIALIZED VIEW CONCURRENTLY ${name}`,
    describes: `the next refresh of ${name}`,
    consequence:
      "Slower and needs more temporary space, but readers go on. Change the job that refreshes it.",
  });
}
