import { proposeManual } from "../../actions/propose.ts";
import { bytesText } from "../../facts/rds-facts.ts";
import { rounded } from "../../facts/statements.ts";
import { tableKey, tableName, tablesOf } from "../../facts/table-facts.ts";
import type { View } from "../../facts/view.ts";
import type { TableRow } from "../../probes/postgres/tables/rows.ts";
import { defineRule, type FindingDraft } from "../define.ts";

const mb = 1024 * 1024;

/** Thresholds are those of index bloat: SPEC T has none of its own for tables. */
export const tableBloat = defineRule({
  id: "table-bloat",
  spec: ["D4"],
  category: "vacuum",
  title: "A table takes far more room than its rows need",
  needs: ["postgres-tables"],
  evaluate: (view) => (tablesOf(view) ?? []).flatMap((table) => draftOf(view, table) ?? []),
});

/** Hygiene: free space inside a file is used again; it costs scans and storage, not anybody's request. */
function draftOf({ thresholds }: View, table: TableRow): FindingDraft | null {
  const { bloat, bytes } = table;
  if (bloat === null) return null;
  if (bloat.percent <= thresholds.indexBloatPercent || bloat.bytes <= thresholds.indexBloatMinMb * mb)
    return null;
  const atLeast = bloat.basis === "types" ? "at least " : "";
  return {
    subject: tableKey(table),
    severity: "P3",
    confidence: bloat.basis === "types" ? 0.5 : 0.7,
    summary: `${tableKey(table)} takes ${bytesText(bytes)}, ${atLeast}${rounded(bloat.percent)} % of it (${bytesText(bloat.bytes)}) empty or dead`,
    evidence: [
      {
        source: "postgres-tables",
        says: `estimated from ${bloat.basis === "types" ? "column types" : "column statistics"}; ${rounded(table.deadRows)} of it are dead rows that vacuum has not removed yet`,
      },
    ],
    explains: [],
    actions: [
      proposeManual({
        id: "vacuum-table",
        spec: ["A8"],
        risk: "disruptive",
        preview: `VACUUM (FULL, ANALYZE) ${tableName(table)}`,
        describes: `Writes ${tableKey(table)} anew without its empty room`,
        consequence:
          "Locks the table against readers and writers until it is done, and needs room for a second copy; only in a maintenance window. The extension pg_repack does the same with a short lock. If the table will grow again, leave it: the room is used again.",
      }),
    ],
  };
}
