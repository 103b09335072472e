import { bytesText } from "../../facts/rds-facts.ts";
import { seenInPart } from "../../facts/seen-in-part.ts";
import type { View } from "../../facts/view.ts";
import { mysqlIndexesRows } from "../../probes/mysql/indexes/indexes-rows.ts";
import { postgresIndexesRows } from "../../probes/postgres/indexes-rows.ts";
import { dropIndex } from "../../remedies/index-remedies.ts";
import { dropMysqlIndex } from "../../remedies/mysql-index-remedies.ts";
import { shownName } from "../../text/sql-names.ts";
import { countText, plural } from "../../text/wording.ts";
import { defineRule } from "../define.ts";
import { tidyDraft, type Untidy } from "../tidy-draft.ts";

export const duplicateIndex = defineRule({
  id: "duplicate-index",
  spec: ["D4"],
  category: "indexes",
  title: "Two indexes do the work of one",
  needs: ["postgres-indexes", "mysql-indexes"],
  evaluate: (view) => {
    const postgres = postgresDuplicates(view);
    const bytes = postgres.reduce((sum, { weight }) => sum + weight, 0);
    const cost = bytes === 0 ? "" : `${bytesText(bytes)} `;
    return tidyDraft([...postgres, ...mysqlDuplicates(view)], {
      confidence: 0.9,
      partial: seenInPart(view, postgresIndexesRows.id, mysqlIndexesRows.id),
      summary: (count, worst) =>
        `${plural(count, "index does", "indexes do")} only what another one does already, ${cost}that every write maintains twice: ${worst}`,
    });
  },
});

function postgresDuplicates(view: View): readonly Untidy[] {
  return (view.rows(postgresIndexesRows) ?? []).flatMap((row) => {
    if (row.problem !== "duplicate" && row.problem !== "redundant-prefix") return [];
    const why = whyOf(row.problem, row.coveredBy ?? "another index");
    const name = shownName(row.schema, row.index);
    return [
      {
        name,
        says: `${name} of ${row.table}: ${bytesText(row.sizeBytes)}, ${why}`,
        source: postgresIndexesRows.id,
        weight: row.sizeBytes,
        action: dropIndex(view, row, why, row),
      },
    ];
  });
}

function mysqlDuplicates(view: View): readonly Untidy[] {
  return (view.rows(mysqlIndexesRows) ?? []).map((row) => {
    const why = whyOf(row.problem, row.coveredBy);
    const writes =
      row.tableWrites === null ? "" : `, ${countText(row.tableWrites, "row")} written since the start`;
    return {
      name: `${row.table}.${row.index}`,
      says: `${row.index} of ${row.schema}.${row.table}: ${why}${writes}${row.caveat === null ? "" : `; ${row.caveat}`}`,
      source: mysqlIndexesRows.id,
      weight: row.tableWrites ?? 0,
      action: dropMysqlIndex(view, row, why, row.coveredBy),
    };
  });
}

function whyOf(problem: "duplicate" | "redundant-prefix", other: string): string {
  return problem === "duplicate"
    ? `${other} has the same columns`
    : `its columns are the leading ones of ${other}`;
}
