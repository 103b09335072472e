import type { TableRow } from "../probes/postgres/tables/rows.ts";
import { duration, plural } from "../text/wording.ts";
import { someXids } from "./held-rows.ts";
import { describeHolder, holdsHere, lasts, xminHolders } from "./old-xmin.ts";
import { vacuumedSecondsAgo } from "./table-facts.ts";
import type { View } from "./view.ts";

const momentSeconds = 60;

/** A vacuum has just come, and most of the table is dead still: whose view of the data is oldest may be why; else null. */
export function perhapsKept(view: View, table: TableRow): string | null {
  const ago = vacuumedSecondsAgo(table);
  if (ago === null || ago > momentSeconds || table.deadRows < table.liveRows) return null;
  // Who came after the vacuum kept nothing from it.
  const [oldest] = (xminHolders(view) ?? []).filter(
    (one) =>
      !one.row.catalogOnly &&
      lasts(view, one) &&
      holdsHere(view, one) &&
      (one.row.seconds === null || one.row.seconds > ago),
  );
  if (oldest === undefined || oldest.row.xminAge < someXids) return null;
  return `a vacuum ended ${duration(ago)} ago, perhaps without them: ${describeHolder(view, oldest)} sees ${plural(oldest.row.xminAge, "transaction")} back`;
}
