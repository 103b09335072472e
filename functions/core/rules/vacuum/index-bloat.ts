import { bytesText } from "../../facts/rds-facts.ts";
import { rounded } from "../../facts/statements.ts";
import type { View } from "../../facts/view.ts";
import {
  type PostgresIndexBloatRow,
  postgresIndexBloatRows,
} from "../../probes/postgres/index-bloat-rows.ts";
import { rebuildIndex } from "../../remedies/query-remedies.ts";
import { compare } from "../../text/compare.ts";
import { defineRule, type FindingDraft } from "../define.ts";

const mb = 1024 * 1024;

export const indexBloat = defineRule({
  id: "index-bloat",
  spec: ["D4"],
  category: "vacuum",
  nature: "chronic",
  title: "An index is mostly empty",
  needs: [postgresIndexBloatRows.id],
  evaluate: (view) =>
    (view.rows(postgresIndexBloatRows) ?? [])
      .flatMap((row) => draftOf(view, row) ?? [])
      .toSorted((a, b) => compare(a.subject, b.subject)),
});

function draftOf(view: View, row: PostgresIndexBloatRow): FindingDraft | null {
  const { thresholds } = view;
  const { schema, table, index, sizeBytes, rebuiltBytes, bloatBytes, bloatPercent } = row;
  if (bloatPercent === null || bloatBytes === null) return null;
  if (bloatPercent <= thresholds.indexBloatPercent || sizeBytes <= thresholds.indexBloatMinMb * mb)
    return null;
  return {
    subject: `${schema}.${index}`,
    severity: "P3",
    confidence: 0.7,
    summary: `Index ${schema}.${index} on ${table} takes ${bytesText(sizeBytes)}, ${rounded(bloatPercent)} % of it (${bytesText(bloatBytes)}) empty`,
    evidence: [
      {
        source: postgresIndexBloatRows.id,
        says: `built anew it would take about ${bytesText(rebuiltBytes ?? 0)}, estimated from column statistics`,
      },
    ],
    explains: [],
    actions: [rebuildIndex(view, { schema, name: index }, row.owner)],
  };
}
