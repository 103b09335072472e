import { costliest } from "../../facts/statement-cost.ts";
import {
  analyzedSecondsAgo,
  plansOf,
  tableKey,
  tablesOf,
  vacuumedSecondsAgo,
} from "../../facts/table-facts.ts";
import type { View } from "../../facts/view.ts";
import { whatChanged } from "../../facts/what-changed.ts";
import type { TableRow } from "../../probes/postgres/tables/rows.ts";
import { analyzeDatabases } from "../../remedies/query-remedies.ts";
import { mentions } from "../../text/table-in.ts";
import { list, plural } from "../../text/wording.ts";
import type { FindingDraft } from "../define.ts";
import { hurting } from "./upgraded-draft.ts";

/**
 * Tables in use of which the server has never counted a row, where no word of RDS tells of an upgrade: events are kept
 * for two weeks, and a look by URL has none. pg_upgrade takes no statistics along before PostgreSQL 18, and what nobody
 * writes to since is never analyzed by itself.
 * https://www.postgresql.org/docs/17/pgupgrade.html (Post-upgrade processing, Statistics)
 */
export function unanalyzedDrafts(view: View): readonly FindingDraft[] {
  if (whatChanged(view).some(({ kind }) => kind === "major-upgrade")) return [];
  const tables = (tablesOf(view) ?? [])
    .filter(isUnknown)
    .toSorted((a, b) => (b.uncountedPages ?? 0) - (a.uncountedPages ?? 0));
  if (tables.length === 0) return [];
  const victims = victimsOf(view, tables);
  const hurts = victims.length === 0 ? null : hurting(view);
  const names = list(tables.slice(0, 3).map(tableKey));
  const because = "its plan rests on no statistics at all";
  return [
    {
      subject: "unanalyzed",
      severity: hurts ?? "P3",
      nature: hurts === null ? "chronic" : "acute",
      confidence: 0.65,
      summary: `In use and never analyzed: ${plural(tables.length, "table")} (${names}), as after a major upgrade; plans are guesses until ANALYZE has run in every database`,
      evidence: [
        { source: "postgres-tables", says: "relpages 0, and neither vacuum nor analyze is counted" },
      ],
      explains:
        hurts === null
          ? []
          : [
              { cause: "cpu-saturated", because },
              { cause: "io-saturated", because },
              ...victims.flatMap((subject) =>
                (["expensive-statement", "query-regression"] as const).map((cause) => ({
                  cause,
                  subject,
                  because,
                })),
              ),
            ],
      actions: [analyzeDatabases(view)],
    },
  ];
}

/** A table of some rows that all look up is never analyzed by itself either, and every plan of it is a quick one. */
const manyRows = 10_000;

function isUnknown(table: TableRow): boolean {
  return (
    table.uncountedPages !== undefined &&
    (table.sinceReset.rowsPerSeqScan ?? 0) >= manyRows &&
    analyzedSecondsAgo(table) === null &&
    vacuumedSecondsAgo(table) === null
  );
}

/** What costs most and reads them; not what lacks an index, which is told, nor what is planned by what comes. */
function victimsOf(view: View, tables: readonly TableRow[]): readonly string[] {
  const served = new Set(
    plansOf(view)
      .filter(
        ({ suggestions, problems }) =>
          suggestions.length > 0 || !problems.some(({ kind }) => /^(?:row|loop)-estimate$/.test(kind)),
      )
      .map(({ queryId }) => queryId),
  );
  return costliest(view)
    .filter(({ id, query }) => !served.has(id ?? "") && tables.some(({ table }) => mentions(query, table)))
    .map(({ key }) => key);
}
