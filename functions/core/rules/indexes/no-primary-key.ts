import { type MysqlTableRow, mysqlTablesRows } from "../../probes/mysql/tables-rows.ts";
import { addPrimaryKey } from "../../remedies/mysql-index-remedies.ts";
import { countText, plural } from "../../text/wording.ts";
import { defineRule } from "../define.ts";
import { tidyDraft } from "../tidy-draft.ts";

/**
 * A replica that applies a changed row finds it by the primary key; without any key it reads the whole table for each
 * row. https://dev.mysql.com/doc/refman/8.4/en/replication-sbr-rbr.html
 */
export const noPrimaryKey = defineRule({
  id: "no-primary-key",
  spec: ["D4"],
  category: "indexes",
  title: "A table has no primary key",
  needs: ["mysql-tables"],
  evaluate: (view) => {
    const keyless = (view.rows(mysqlTablesRows) ?? []).filter(
      ({ hasPrimaryKey, engine }) => !hasPrimaryKey && engine !== null,
    );
    return tidyDraft(
      keyless.map((row) => ({
        name: `${row.schema}.${row.table}`,
        says: `${row.schema}.${row.table} (${row.engine}): ${sizeOf(row)}`,
        source: mysqlTablesRows.id,
        weight: (row.estimatedRows ?? 0) + (row.sinceStart.rowsWritten ?? 0),
        action: addPrimaryKey(view, row),
      })),
      {
        confidence: 0.9,
        summary: (count, worst) =>
          `${plural(count, "table has", "tables have")} no primary key, so that a replica may read the whole table for every row changed: ${worst}`,
      },
    );
  },
});

function sizeOf({ estimatedRows, sinceStart }: MysqlTableRow): string {
  const rows = estimatedRows === null ? "size not known" : `about ${countText(estimatedRows, "row")}`;
  const { rowsWritten } = sinceStart;
  return rowsWritten === null ? rows : `${rows}, ${countText(rowsWritten, "row")} written since the start`;
}
