import type { Explanation } from "../contract/explanation.ts";
import { tableKey, vacuumedTables } from "./table-facts.ts";
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
