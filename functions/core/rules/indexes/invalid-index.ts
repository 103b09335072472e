import { bytesText } from "../../facts/rds-facts.ts";
import { seenInPart } from "../../facts/seen-in-part.ts";
import type { View } from "../../facts/view.ts";
import { type PostgresIndexRow, postgresIndexesRows } from "../../probes/postgres/indexes-rows.ts";
import { dropIndex, isPartitioned, rebuildIndex } from "../../remedies/index-remedies.ts";
import { shownName } from "../../text/sql-names.ts";
import { plural } from "../../text/wording.ts";
import { defineRule } from "../define.ts";
import { tidyDraft, type Untidy } from "../tidy-draft.ts";

export const invalidIndex = defineRule({
  id: "invalid-index",
  spec: ["D4"],
  category: "indexes",
  title: "An index build has failed and left an index that no query can use",
  needs: ["postgres-indexes"],
  evaluate: (view) =>
    tidyDraft(invalidOf(view), {
      confidence: 0.9,
      partial: seenInPart(view, postgresIndexesRows.id),
      summary: (count, worst) =>
        `${plural(count, "index is", "indexes are")} invalid: no query uses ${count === 1 ? "it" : "them"}, writes may still maintain ${count === 1 ? "it" : "them"}: ${worst}`,
    }),
});

function invalidOf(view: View): readonly Untidy[] {
  return (view.rows(postgresIndexesRows) ?? [])
    .filter(({ problem, building }) => problem === "invalid" && !building)
    .map((row) => ({
      name: shownName(row.schema, row.index),
      says: `${shownName(row.schema, row.index)} of ${row.table}: ${whyOf(row)}, ${bytesText(row.sizeBytes)}`,
      source: postgresIndexesRows.id,
      weight: row.tableRows,
      action: remedyOf(view, row),
    }));
}

/**
 * What REINDEX CONCURRENTLY leaves behind when it fails: `_ccnew` is the unfinished copy, `_ccold` the original that it
 * could not drop. Either way the index of the plain name is good.
 * https://www.postgresql.org/docs/current/sql-reindex.html#SQL-REINDEX-CONCURRENTLY
 */
const leftover = /_cc(?:new|old)\d*$/;

function whyOf(row: PostgresIndexRow): string {
  if (leftover.test(row.index)) return "left behind by a REINDEX CONCURRENTLY";
  return isPartitioned(row)
    ? "some partitions have no index attached to it"
    : "a CREATE INDEX CONCURRENTLY has failed";
}

function remedyOf(view: View, row: PostgresIndexRow): Untidy["action"] {
  if (leftover.test(row.index))
    return dropIndex(view, row, "left behind by a REINDEX CONCURRENTLY", { ...row, coveredBy: null });
  // Each partition needs an index of its own, and only a person knows which are to come.
  return isPartitioned(row) ? null : rebuildIndex(view, row, row.unique);
}
