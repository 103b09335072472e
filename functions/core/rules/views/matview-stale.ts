import { seenInPart } from "../../facts/seen-in-part.ts";
import { postgresMatviewsRows } from "../../probes/postgres/matviews-rows.ts";
import { refreshNow } from "../../remedies/matview-remedies.ts";
import { shownName } from "../../text/sql-names.ts";
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
        action: refreshNow(view, row),
      })),
      {
        // Nobody but its owner knows how old it may be, or whether its tables have changed at all.
        confidence: 0.6,
        partial: seenInPart(view, postgresMatviewsRows.id),
        summary: (count, worst) =>
          `${plural(count, "materialized view was", "materialized views were")} not refreshed for over ${duration(matviewStaleSeconds)}: ${worst}`,
      },
    );
  },
});
