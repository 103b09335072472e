import { emptyLedger, type Ledger, ledgerSchema } from "../../core/contract/ledger.ts";
import { noSnoozes, type Snoozes, snoozesSchema } from "../../core/contract/snooze.ts";
import type { IncidentStore } from "../../core/ports.ts";

type LedgerPart = Pick<IncidentStore, "ledgerOf" | "saveLedger" | "snoozes" | "saveSnoozes">;

/** What outlives an incident: the ledger of each group, and who is snoozed. Kept as text, like all of the twin's. */
export function createMemoryLedgers(): LedgerPart {
  const ledgers = new Map<string, string>();
  let snoozed: string | null = null;
  const read = (group: string): Ledger => {
    const text = ledgers.get(group);
    return text === undefined ? emptyLedger : ledgerSchema.parse(JSON.parse(text));
  };
  const readSnoozes = (): Snoozes =>
    snoozed === null ? noSnoozes : snoozesSchema.parse(JSON.parse(snoozed));
  return {
    ledgerOf: async (group) => read(group),
    saveLedger: async (group, ledger) => {
      if (read(group).revision !== ledger.revision) return false;
      ledgers.set(group, JSON.stringify({ ...ledger, revision: ledger.revision + 1 }));
      return true;
    },
    snoozes: async () => readSnoozes(),
    saveSnoozes: async (snoozes) => {
      if (readSnoozes().revision !== snoozes.revision) return false;
      snoozed = JSON.stringify({ ...snoozes, revision: snoozes.revision + 1 });
      return true;
    },
  };
}
