import { heaviest, inTurns } from "../../ranking.ts";
import type { TableFacts } from "./facts.ts";
import { type TableRank, tableRanks } from "./rows.ts";

const places = 10;
/** Tables whose columns are read for an estimate of their bloat, beside those that rank otherwise. */
const measured = 100;

/** Nobody tunes the scans of a catalogue: of the server's own tables only what vacuum leaves in them is worth a place. */
function weightOf(rank: TableRank, table: TableFacts): number {
  const { system, relkind } = table.answer;
  return (system || relkind === "t") && rank !== "dead-rows" ? 0 : weights[rank](table);
}

const weights: Readonly<Record<TableRank, (table: TableFacts) => number>> = {
  "sequential-scans-now": ({ seqRowsPerSecond }) => seqRowsPerSecond ?? 0,
  bloat: ({ bloat }) => (bloat?.kind === "estimated" ? bloat.bytes : 0),
  "dead-rows": ({ answer, plan }) => answer.dead / Math.max(1, plan.vacuumAtDeadRows),
  "changed-since-analyze": ({ answer, plan }) => answer.modified / Math.max(1, plan.analyzeAtChangedRows),
  "sequential-scans": ({ answer }) => answer.seq_rows,
  // What nobody has counted is as large as it is used.
  size: ({ answer }) => answer.pages || answer.uncounted / 100,
};

/** The tables worth a closer look. */
export function tablesToMeasure(tables: readonly TableFacts[]): string[] {
  const ranked = tableRanks.flatMap((rank) =>
    heaviest(tables, (table) => weightOf(rank, table), rank === "size" ? measured : places),
  );
  return [...new Set(ranked.map(({ answer }) => answer.oid))];
}

export function rankTables<Facts extends TableFacts>(
  tables: readonly Facts[],
): { table: Facts; rankedBy: TableRank[] }[] {
  return inTurns(tableRanks, (rank) => heaviest(tables, (table) => weightOf(rank, table), places)).map(
    ({ thing, rankedBy }) => ({
      table: thing,
      rankedBy,
    }),
  );
}
