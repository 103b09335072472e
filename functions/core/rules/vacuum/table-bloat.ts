import { keeperOf } from "../../facts/held-rows.ts";
import { bytesText } from "../../facts/rds-facts.ts";
import { rounded } from "../../facts/statements.ts";
import { tableKey, tablesOf } from "../../facts/table-facts.ts";
import type { View } from "../../facts/view.ts";
import type { TableRow } from "../../probes/postgres/tables/rows.ts";
import { rewriteTable } from "../../remedies/query-remedies.ts";
import { defineRule, type FindingDraft } from "../define.ts";

const mb = 1024 * 1024;

/** Below, whatever writing the table anew wins is not worth that nobody may read it meanwhile: the room is used again. */
const worthRewriting = 1024 * mb;

/** Thresholds are those of index bloat: SPEC T has none of its own for tables. */
export const tableBloat = defineRule({
  id: "table-bloat",
  spec: ["D4"],
  category: "vacuum",
  nature: "chronic",
  title: "A table takes far more room than its rows need",
  needs: ["postgres-tables"],
  evaluate: (view) => (tablesOf(view) ?? []).flatMap((table) => draftOf(view, table) ?? []),
});

/** Hygiene: free space inside a file is used again; it costs scans and storage, not anybody's request. */
function draftOf(view: View, table: TableRow): FindingDraft | null {
  const { thresholds } = view;
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
    // Rows that somebody could still see are written anew with the rest.
    actions:
      bloat.bytes >= worthRewriting && keeperOf(view, table) === null ? [rewriteTable(view, table)] : [],
  };
}
