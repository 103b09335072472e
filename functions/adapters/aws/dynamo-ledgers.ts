import { emptyLedger, ledgerSchema } from "../../core/contract/ledger.ts";
import type { Clock, IncidentStore } from "../../core/ports.ts";
import { parseBody, type Table } from "./dynamo-table.ts";

const keepSeconds = 86_400;

/** What was ordered for a group lately: one item a group, gone a day after its last order. */
export function ledgersIn(table: Table, clock: Clock): Pick<IncidentStore, "ledgerOf" | "saveLedger"> {
  const keyOf = (group: string) => ({ pk: `LEDGER#${group}`, sk: "ORDERS" });
  return {
    ledgerOf: async (group) => {
      const item = await table.get(keyOf(group));
      return item === null ? emptyLedger : parseBody(item, ledgerSchema);
    },
    saveLedger: (group, ledger) => {
      const revision = ledger.revision + 1;
      const ttl = Math.floor(clock.now() / 1000) + keepSeconds;
      return table.putIf(
        { ...keyOf(group), revision, ttl, body: JSON.stringify({ ...ledger, revision }) },
        ledger.revision === 0
          ? { expression: "attribute_not_exists(pk)" }
          : { expression: "revision = :was", values: { ":was": ledger.revision } },
      );
    },
  };
}
