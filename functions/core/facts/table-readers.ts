import type { TableRow } from "../probes/postgres/tables/rows.ts";
import { costliest, spendingOf } from "./statement-cost.ts";
import type { Statement } from "./statements.ts";
import { areMany, tableKey } from "./table-facts.ts";
import type { View } from "./view.ts";

const anyScan = "Seq|Index|Index Only|Bitmap Heap";

/** Of what costs most, the statements whose plan spends itself on reading the table: whole, or by an index, too. */
export function readersOf(view: View, table: TableRow, scan: string = anyScan): readonly Statement[] {
  const scans = new RegExp(`\\b(?:${scan}) Scan of (?:${escaped(tableKey(table))}|${escaped(table.table)}) `);
  return costliest(view).filter((statement) =>
    spendingOf(view, statement)?.says.some((line) => scans.test(line)),
  );
}

function escaped(name: string): string {
  return name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/** As with dead rows: four parts that are nothing beside one that is a row. */
const mostlyEmptyPercent = 80;
const pageBytes = 8192;

export interface EmptyRead {
  readonly statement: Statement;
  readonly pagesPerCall: number;
}

/** Who reads page after page of a table that has hardly any row in them; dead rows are told as such. */
export function emptyReadsOf(view: View, table: TableRow): readonly EmptyRead[] {
  if (table.bloat === null || table.bloat.percent < mostlyEmptyPercent || areMany(table)) return [];
  return readersOf(view, table, "Seq")
    .map((statement) => ({
      statement,
      pagesPerCall: (statement.total.pages ?? 0) / Math.max(1, statement.total.calls),
    }))
    .filter(({ pagesPerCall }) => pagesPerCall * pageBytes * 2 >= table.bytes);
}
