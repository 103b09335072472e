/** What was asked and what came of it, in order: for people, and for tests that judge from outside. */
export interface LedgerEntry {
  readonly at: string;
  readonly operation: string;
  readonly id: string;
  readonly what: /** A change was asked for, whatever the answer. */
  "asked" | "accepted" | "done" | "failed" | "never finishes" | "fault" | "engine started" | "engine ended";
  readonly detail: string;
}

export interface Ledger {
  write(entry: Omit<LedgerEntry, "at">): void;
  entries(): readonly LedgerEntry[];
}

/** A lab that runs for days keeps the newest. */
const kept = 10_000;

export function createLedger(now: () => Date): Ledger {
  const entries: LedgerEntry[] = [];
  return {
    write: (entry) => {
      entries.push({ at: now().toISOString(), ...entry });
      if (entries.length > kept) entries.shift();
    },
    entries: () => entries,
  };
}
