import { explainsLag, type KeylessApplied, keylessApplied } from "../../facts/applier.ts";
import { ownReplication } from "../../facts/replica-facts.ts";
import type { View } from "../../facts/view.ts";
import { type MysqlTableRow, mysqlTablesRows } from "../../probes/mysql/tables-rows.ts";
import { addPrimaryKey } from "../../remedies/mysql-index-remedies.ts";
import { countText, plural } from "../../text/wording.ts";
import { defineRule, type FindingDraft } from "../define.ts";
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
  needs: ["mysql-tables", "mysql-sessions", "mysql-replication", "mariadb-replication"],
  evaluate: (view) => {
    const keyless = (view.rows(mysqlTablesRows) ?? []).filter(
      ({ hasPrimaryKey, engine }) => !hasPrimaryKey && engine !== null,
    );
    const applied = keylessApplied(view);
    const drafts = tidyDraft(
      keyless.map((row) => ({
        name: `${row.schema}.${row.table}`,
        says: `${row.schema}.${row.table} (${row.engine}): ${sizeOf(row)}`,
        source: mysqlTablesRows.id,
        weight:
          row === applied?.table
            ? Number.POSITIVE_INFINITY
            : (row.estimatedRows ?? 0) + (row.sinceStart.rowsWritten ?? 0),
        // A replica gets its tables from its source.
        action: ownReplication(view).length > 0 ? null : addPrimaryKey(view, row),
      })),
      {
        confidence: 0.9,
        total: keyless[0]?.keylessTables ?? keyless.length,
        summary: (count, worst) =>
          `${plural(count, "table has", "tables have")} no primary key, so that a replica may read the whole table for every row changed: ${worst}`,
      },
    );
    return applied === null ? drafts : drafts.map((draft) => withLag(view, draft, applied));
  },
});

/** What is read for each row that is changed makes the replica late, and keeps it busy. */
function withLag(view: View, draft: FindingDraft, { table, says }: KeylessApplied): FindingDraft {
  const because = `it reads ${table.table} whole for the rows that it changes`;
  const lag = explainsLag(view, because);
  return {
    ...draft,
    summary: `${draft.summary}; ${says}: give it a key on the source`,
    evidence: [{ source: "applier", says }, ...draft.evidence],
    explains: [
      ...lag,
      ...(lag.length === 0
        ? []
        : ([
            { cause: "cpu-saturated", because },
            { cause: "io-saturated", because },
          ] as const)),
    ],
  };
}

function sizeOf({ estimatedRows, sinceStart }: MysqlTableRow): string {
  const rows = estimatedRows === null ? "size not known" : `about ${countText(estimatedRows, "row")}`;
  const { rowsWritten } = sinceStart;
  return rowsWritten === null ? rows : `${rows}, ${countText(rowsWritten, "row")} written since the start`;
}
