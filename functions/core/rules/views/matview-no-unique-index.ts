import { bytesText } from "../../facts/rds-facts.ts";
import { seenInPart } from "../../facts/seen-in-part.ts";
import { postgresMatviewsRows } from "../../probes/postgres/matviews-rows.ts";
import { createUniqueIndex } from "../../remedies/matview-remedies.ts";
import { shownName } from "../../text/sql-names.ts";
import { plural } from "../../text/wording.ts";
import { defineRule } from "../define.ts";
import { tidyDraft } from "../tidy-draft.ts";

export const matviewNoUniqueIndex = defineRule({
  id: "matview-no-unique-index",
  spec: ["D4"],
  category: "views",
  title: "A materialized view cannot be refreshed without blocking its readers",
  needs: ["postgres-matviews"],
  evaluate: (view) => {
    const without = (view.rows(postgresMatviewsRows) ?? []).filter((row) => row.uniqueIndex === null);
    return tidyDraft(
      without.map((row) => ({
        name: shownName(row.schema, row.view),
        says: `${shownName(row.schema, row.view)} (${bytesText(row.bytes)})${
          row.blockedSessions === 0
            ? ""
            : `: ${plural(row.blockedSessions, "session waits", "sessions wait")} for it right now`
        }`,
        source: postgresMatviewsRows.id,
        // The lock is held as long as the query runs, and that has little to do with the size of its result.
        weight: row.blockedSessions * 1e15 + row.bytes,
        action: createUniqueIndex(view, row),
      })),
      {
        confidence: 0.9,
        partial: seenInPart(view, postgresMatviewsRows.id),
        summary: (count, worst) =>
          `${plural(count, "materialized view has", "materialized views have")} no unique index, so every refresh blocks all readers while it runs: ${worst}`,
      },
    );
  },
});
