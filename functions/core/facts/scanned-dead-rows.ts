import type { Explanation } from "../contract/explanation.ts";
import { mentions } from "../text/table-in.ts";
import { rounded } from "./statements.ts";
import { deadRowsHurt, isBehind, tableKey, vacuumedTables } from "./table-facts.ts";
import type { View } from "./view.ts";

/** With more dead rows than this beside a live one, it is they that are read, and no lack of an index. */
const mostDeadPerLive = 4;

/**
 * Who reads all rows for want of an index reads the dead ones too: they make the scan longer, and with the index nobody
 * would meet them.
 */
export function explainsDeadRows(view: View, table: string): readonly Explanation[] {
  return (vacuumedTables(view) ?? [])
    .filter((one) => tableKey(one) === table && one.deadRows <= mostDeadPerLive * one.liveRows)
    .map((one) => ({
      cause: "dead-tuples-behind",
      subject: tableKey(one),
      because: "with the index nobody would read the dead rows, which only make each scan longer",
    }));
}

/** Why a statement is slower than it was: it reads a table whose rows are mostly dead by now; null where none is. */
export function slowedByDeadRows(view: View, query: string | null): string | null {
  const [table] = (vacuumedTables(view) ?? []).filter(
    (one) => isBehind(one) && deadRowsHurt(one) && mentions(query, one.table),
  );
  return table === undefined
    ? null
    : `it reads ${tableKey(table)} past ${rounded(table.deadRows)} dead rows, with ${rounded(table.liveRows)} live ones`;
}
