import { keeperOf } from "../../facts/held-rows.ts";
import { bytesText } from "../../facts/rds-facts.ts";
import { rounded } from "../../facts/statements.ts";
import { explainsLoad, strainOf } from "../../facts/strain.ts";
import { tableKey, tablesOf } from "../../facts/table-facts.ts";
import { type EmptyRead, emptyReadsOf } from "../../facts/table-readers.ts";
import type { View } from "../../facts/view.ts";
import type { TableRow } from "../../probes/postgres/tables/rows.ts";
import { rewriteTable } from "../../remedies/query-remedies.ts";
import { statementText } from "../../text/wording.ts";
import { defineRule, type FindingDraft } from "../define.ts";
import { missingIndex } from "../queries/missing-index.ts";

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

function draftOf(view: View, table: TableRow): FindingDraft | null {
  const { thresholds } = view;
  const { bloat, bytes } = table;
  if (bloat === null) return null;
  if (bloat.percent <= thresholds.indexBloatPercent || bloat.bytes <= thresholds.indexBloatMinMb * mb)
    return null;
  const suffering = sufferingOf(view, table);
  const atLeast = bloat.basis === "types" ? "at least " : "";
  return {
    subject: tableKey(table),
    ...(suffering === null ? hygieneOf(view, table) : harmOf(view, table, suffering)),
    confidence: bloat.basis === "types" ? 0.5 : 0.7,
    summary: `${tableKey(table)} takes ${bytesText(bytes)}, ${atLeast}${rounded(bloat.percent)} % of it (${bytesText(bloat.bytes)}) empty or dead${suffering === null ? "" : sufferText(table, suffering)}`,
    evidence: [
      {
        source: "postgres-tables",
        says: `estimated from ${bloat.basis === "types" ? "column types" : "column statistics"}; ${rounded(table.deadRows)} of it are dead rows that vacuum has not removed yet`,
      },
      ...statementEvidence(suffering),
    ],
  };
}

type Weight = Pick<FindingDraft, "severity" | "nature" | "explains" | "actions">;

/** Free space inside a file is used again; where nobody reads it, it costs storage, and not anybody's request. */
function hygieneOf(view: View, table: TableRow): Weight {
  const worth = (table.bloat?.bytes ?? 0) >= worthRewriting;
  return { severity: "P3", nature: "chronic", explains: [], actions: worth ? rewriteOf(view, table) : [] };
}

interface Suffering extends EmptyRead {
  readonly strain: string;
}

/** The worst of those that read it whole and for which no index would spare that: that one is told as missing. */
function sufferingOf(view: View, table: TableRow): Suffering | null {
  const reads = emptyReadsOf(view, table);
  if (reads.length === 0) return null;
  const spared = new Set(
    missingIndex
      .evaluate(view)
      .filter(({ severity }) => severity !== "P3")
      .flatMap(({ subject, explains }) => [subject, ...explains.map((effect) => effect.subject)]),
  );
  for (const read of reads) {
    const strain = spared.has(read.statement.key) ? null : strainOf(view, read.statement);
    if (strain !== null) return { ...read, strain };
  }
  return null;
}

function harmOf(view: View, table: TableRow, { statement }: Suffering): Weight {
  const because = "nearly all that it reads are empty pages";
  return {
    severity: "P2",
    nature: "acute",
    explains: [
      ...explainsLoad(view, statement, ["cpu-saturated", "io-saturated", "cache-too-small"], because),
      { cause: "query-regression", subject: statement.key, because },
    ],
    actions: rewriteOf(view, table),
  };
}

function sufferText({ liveRows }: TableRow, { pagesPerCall, strain }: Suffering): string {
  return `; each call of one statement reads ${rounded(pagesPerCall)} pages for ${rounded(liveRows)} rows: ${strain}`;
}

function statementEvidence(suffering: Suffering | null): FindingDraft["evidence"] {
  const text = statementText(suffering?.statement.query ?? null);
  if (suffering === null || text === null) return [];
  const { source } = suffering.statement;
  return [
    { source, says: `statement: ${text}` },
    {
      source,
      says: "a plain VACUUM gives back the empty end of a file only: one row in the last pages keeps all of it",
    },
  ];
}

/** Rows that somebody could still see are written anew with the rest. */
function rewriteOf(view: View, table: TableRow): FindingDraft["actions"] {
  return keeperOf(view, table) === null ? [rewriteTable(view, table)] : [];
}
