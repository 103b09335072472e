import { proposeManual } from "../actions/propose.ts";
import type { ProposedAction } from "../contract/finding.ts";
import type { View } from "../facts/view.ts";
import type { LogicalDecodingRow } from "../probes/postgres/logical-decoding-rows.ts";
import { quoteName } from "../text/sql-names.ts";
import { majorOf } from "./run-as.ts";

/**
 * A subscription is named after its slot unless told otherwise. `on` from 14, `parallel` from 16 on.
 * https://www.postgresql.org/docs/current/sql-altersubscription.html
 */
export function streamTransactions(view: View, row: LogicalDecodingRow): readonly ProposedAction[] {
  const major = majorOf(view);
  if (row.plugin !== "pgoutput" || major === null || major < 14) return [];
  return [
    proposeManual({
      id: "stream-transactions",
      spec: ["D4"],
      risk: "disruptive",
      preview: `ALTER SUBSCRIPTION ${quoteName(row.slot)} SET (streaming = ${major >= 16 ? "parallel" : "on"})`,
      describes: `sends transactions before they have ended, in place of writing them to disk here; on the subscriber, as the subscription's owner`,
      consequence:
        "Where the consumer is a subscription of PostgreSQL of that version, too; its worker begins anew. Undo: streaming = off.",
    }),
  ];
}
