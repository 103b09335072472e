import { proposeManual } from "../../actions/propose.ts";
import { type MatviewRow, postgresMatviewsRows } from "../../probes/postgres/matviews-rows.ts";
import { postgresName, shownName } from "../../text/sql-names.ts";
import { duration, plural } from "../../text/wording.ts";
import { defineRule } from "../define.ts";
import { tidyDraft } from "../tidy-draft.ts";

export const matviewStale = defineRule({
  id: "matview-stale",
  spec: ["D4"],
  category: "views",
  title: "A materialized view shows old data, or none",
  needs: ["postgres-matviews"],
  evaluate: (view) => {
    const { matviewStaleSeconds } = view.thresholds;
    const stale = (view.rows(postgresMatviewsRows) ?? []).filter(
      (row) => row.refresh === null && (!row.populated || (row.refreshedSeconds ?? 0) > matviewStaleSeconds),
    );
    return tidyDraft(
      stale.map((row) => ({
        name: shownName(row.schema, row.view),
        says: `${shownName(row.schema, row.view)}: ${
          row.populated
            ? `last filled ${duration(row.refreshedSeconds)} ago`
            : "never filled, every query of it fails"
        }`,
        source: postgresMatviewsRows.id,
        weight: row.populated ? (row.refreshedSeconds ?? 0) : Number.MAX_SAFE_INTEGER,
        action: refresh(row),
      })),
      {
        // Nobody but its owner knows how old it may be, or whether its tables have changed at all.
        confidence: 0.6,
        summary: (count, worst) =>
          `${plural(count, "materialized view was", "materialized views were")} not refreshed for over ${duration(matviewStaleSeconds)}: ${worst}`,
      },
    );
  },
});

function refresh(row: MatviewRow) {
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
