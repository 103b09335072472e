import { seenInPart } from "../../facts/seen-in-part.ts";
import {
  type PostgresConstraintRow,
  postgresConstraintsRows,
} from "../../probes/postgres/constraints-rows.ts";
import { postgresOrphansRows } from "../../probes/postgres/orphans-rows.ts";
import { validateConstraint } from "../../remedies/integrity-remedies.ts";
import { shownName } from "../../text/sql-names.ts";
import { countText, plural } from "../../text/wording.ts";
import { defineRule } from "../define.ts";
import { tidyDraft } from "../tidy-draft.ts";

export const unvalidatedConstraint = defineRule({
  id: "unvalidated-constraint",
  spec: ["D4"],
  category: "integrity",
  title: "A constraint was never checked against the rows that were there before it",
  needs: ["postgres-constraints"],
  evaluate: (view) => {
    const orphaned = new Set(
      (view.rows(postgresOrphansRows) ?? []).filter(({ orphanedRows }) => (orphanedRows ?? 0) > 0).map(keyOf),
    );
    const rows = view.rows(postgresConstraintsRows) ?? [];
    return tidyDraft(
      rows.map((row) => ({
        name: `${row.constraint} of ${shownName(row.schema, row.table)}`,
        says: `${row.constraint} of ${shownName(row.schema, row.table)} (${kinds[row.kind]}, ${countText(row.tableRows, "row")}): ${
          row.enforced
            ? "new rows are checked, old ones never were"
            : "NOT ENFORCED, no row is checked at all"
        }`,
        source: postgresConstraintsRows.id,
        weight: row.tableRows,
        action: row.enforced ? validateConstraint(row, orphaned.has(keyOf(row))) : null,
      })),
      {
        confidence: 0.95,
        partial: seenInPart(view, postgresConstraintsRows.id),
        summary: (count, worst) =>
          `${plural(count, "constraint was", "constraints were")} never checked against all rows: ${worst}`,
      },
    );
  },
});

function keyOf({
  schema,
  table,
  constraint,
}: Pick<PostgresConstraintRow, "schema" | "table" | "constraint">) {
  return `${schema}.${table}.${constraint}`;
}

const kinds = {
  "foreign-key": "foreign key",
  check: "check",
  "not-null": "not null",
  other: "constraint",
} as const satisfies Record<PostgresConstraintRow["kind"], string>;
