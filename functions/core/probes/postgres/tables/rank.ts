import type { TableFacts } from "./facts.ts";
import { type TableRank, tableRanks } from "./rows.ts";

const places = 10;
/** Tables whose columns are read for an estimate of their bloat, beside those that rank otherwise. */
const measured = 100;

const weights: Readonly<Record<TableRank, (table: TableFacts) => number>> = {
  "sequential-scans-now": ({ seqRowsPerSecond }) => seqRowsPerSecond ?? 0,
  bloat: ({ bloat }) => (bloat?.kind === "estimated" ? bloat.bytes : 0),
  "dead-rows": ({ answer, plan }) => answer.dead / Math.max(1, plan.vacuumAtDeadRows),
  "changed-since-analyze": ({ answer, plan }) => answer.modified / Math.max(1, plan.analyzeAtChangedRows),
  "sequential-scans": ({ answer }) => answer.seq_rows,
  size: ({ answer }) => answer.pages,
};

/** The tables worth a closer look. */
export function tablesToMeasure(tables: readonly TableFacts[]): string[] {
  const ranked = tableRanks.flatMap((rank) => best(tables, rank, rank === "size" ? measured : places));
  return [...new Set(ranked.map(({ answer }) => answer.oid))];
}

/** The first of every ranking, then the second of every ranking, and so on; each table once. */
export function rankTables<Facts extends TableFacts>(
  tables: readonly Facts[],
): { table: Facts; rankedBy: TableRank[] }[] {
  const lists = tableRanks.map((rank) => ({ rank, first: best(tables, rank, places) }));
  const ranked = new Map<Facts, TableRank[]>();
  for (let place = 0; place < places; place += 1) {
    for (const { rank, first } of lists) {
      const table = first[place];
      if (table) ranked.set(table, [...(ranked.get(table) ?? []), rank]);
    }
  }
  return [...ranked].map(([table, rankedBy]) => ({ table, rankedBy }));
}

function best<Facts extends TableFacts>(tables: readonly Facts[], rank: TableRank, count: number): Facts[] {
  const weight = weights[rank];
  return tables
    .filter((table) => weight(table) > 0)
    .toSorted((a, b) => weight(b) - weight(a))
    .slice(0, count);
}
