import { insertsCaught, keyName } from "../../facts/key-use.ts";
import { rounded } from "../../facts/statements.ts";
import { insertsUndone } from "../../facts/undone-changes.ts";
import type { View } from "../../facts/view.ts";
import {
  type PostgresSequencesBehindRow,
  postgresSequencesBehindRows,
} from "../../probes/postgres/sequences-behind-rows.ts";
import { raiseSequence } from "../../remedies/postgres-key-remedies.ts";
import { plural } from "../../text/wording.ts";
import type { FindingDraft } from "../define.ts";
import { tidyDraft } from "../tidy-draft.ts";

const toldApart = 5;

/**
 * A sequence that stands below the keys there are. Harm is only where INSERTs are seen to fail: an application may give
 * keys of its own, and the sequence that nobody asks is no matter (nor one that counts blocks of keys, as ORMs do).
 */
export function sequencesBehindDrafts(view: View): readonly FindingDraft[] {
  const rows = (view.rows(postgresSequencesBehindRows) ?? []).filter((row) => !worksNow(view, row));
  const failing = rows.filter((row) => failsNow(view, row)).slice(0, toldApart);
  return [
    ...failing.map(draftOf),
    ...laterOf(rows.filter((row) => !failing.includes(row) && row.askedPerSecond !== null)),
  ];
}

/** Rows stay: whoever inserts them does not ask this sequence, or gets past what is taken. */
function worksNow(view: View, row: PostgresSequencesBehindRow): boolean {
  return insertsUndone(view, row) === "not";
}

function failsNow(view: View, row: PostgresSequencesBehindRow): boolean {
  const asked = (row.askedPerSecond ?? 0) > 0;
  return asked && (insertsUndone(view, row) === "nearly-all" || insertsCaught(view, row) > 0);
}

function draftOf(row: PostgresSequencesBehindRow): FindingDraft {
  return {
    subject: keyName(row),
    severity: "P1",
    confidence: 0.95,
    summary: `${row.sequence} stands at ${row.nextValue}, and ${row.table} has keys up to ${row.largestKey}: INSERTs get a number that is taken and fail as duplicates`,
    evidence: [
      {
        source: postgresSequencesBehindRows.id,
        says: `next ${row.nextValue}; ${takenText(row)}; ${rounded(row.askedPerSecond ?? 0)} numbers a second are taken from it`,
      },
      {
        source: "postgres-undone-changes",
        says: `of the rows inserted into ${row.table} while it was looked at, none or next to none stayed, or an INSERT was caught failing`,
      },
    ],
    explains: [
      {
        cause: "error-storm",
        because: `every INSERT into ${row.table} that asks ${row.sequence} meets a duplicate`,
      },
    ],
    actions: [raiseSequence(row)],
  };
}

function takenText({ takenOfHundred, largestKey }: PostgresSequencesBehindRow): string {
  return `${plural(takenOfHundred, "number")} of the next hundred taken already, the largest key is ${largestKey}`;
}

function laterOf(rows: readonly PostgresSequencesBehindRow[]): readonly FindingDraft[] {
  return tidyDraft(
    rows.map((row) => ({
      name: row.sequence,
      says: `${row.sequence} of ${keyName(row)}: next ${row.nextValue}; ${takenText(row)}`,
      source: postgresSequencesBehindRows.id,
      weight: row.takenOfHundred,
      action: raiseSequence(row),
    })),
    {
      confidence: 0.7,
      summary: (count, worst) =>
        `${count === 1 ? "A sequence stands" : `${count} sequences stand`} below the keys of ${count === 1 ? "its" : "their"} tables: an INSERT that asks would meet a duplicate: ${worst}`,
    },
  ).map((draft) => ({ ...draft, subject: "sequences" }));
}
