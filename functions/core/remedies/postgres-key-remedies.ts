import { proposeManual } from "../actions/propose.ts";
import type { ProposedAction } from "../contract/finding.ts";
import type { PostgresKeyUseRow } from "../probes/postgres/key-use-rows.ts";
import { postgresName, postgresNameIn } from "../text/sql-names.ts";
import { asOwner } from "./run-as.ts";

type Key = Omit<PostgresKeyUseRow, "nextValue" | "usedPercent"> & { readonly exhausted: boolean };

/**
 * Where only the sequence is narrow it is widened at once. Where the column is, numbers below zero keep a database
 * going that has none left; the column itself takes a copy of the table.
 * https://www.postgresql.org/docs/current/sql-altersequence.html
 */
export function widenPostgresKey(key: Key): readonly ProposedAction[] {
  if (key.narrow === "sequence") return [widenSequence(key)];
  return key.exhausted ? [goBelowZero(key), widenColumn(key)] : [widenColumn(key)];
}

function sequenceOf({ sequence, sequenceSchema }: Key): string {
  return postgresNameIn(sequenceSchema, sequence);
}

/** nextval keeps a lock of the sequence until its transaction ends, and each INSERT queues behind who waits for that. */
const waitsForTakers =
  "Waits for open transactions that have taken a number, and INSERTs queue behind it meanwhile: it gives up after 2 s, to be tried again.";

function widenSequence(key: Key): ProposedAction {
  return proposeManual({
    id: "widen-sequence",
    spec: ["D4"],
    risk: "disruptive",
    preview: `SET lock_timeout = '2s';\nALTER SEQUENCE ${sequenceOf(key)} AS bigint NO MAXVALUE`,
    describes: `let ${key.sequence} count as far as ${key.column} (${key.type}) of ${key.table} can hold; ${asOwner(key.owner)}`,
    consequence: `${waitsForTakers} See that applications read more than 32 bits. Undo: MAXVALUE ${key.maxValue}.`,
  });
}

const least: Readonly<Record<string, string>> = { smallint: "-32768", integer: "-2147483648" };

function goBelowZero(key: Key): ProposedAction {
  const from = least[key.type] ?? "-2147483648";
  return proposeManual({
    id: "count-below-zero",
    spec: ["D4"],
    risk: "disruptive",
    preview: `SET lock_timeout = '2s';\nALTER SEQUENCE ${sequenceOf(key)} MINVALUE ${from} RESTART WITH ${from}`,
    describes: `go on at once with the numbers below zero, as many again, until ${key.column} is widened; ${asOwner(key.owner)}`,
    consequence: `${waitsForTakers} Then INSERTs work again. Only where no application, check or report takes a key below zero for an error or orders by it, and none is stored yet. Undo: RESTART WITH a number that is free.`,
  });
}

/** https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES */
function widenColumn(key: Key): ProposedAction {
  const table = postgresName(key.schema, key.table);
  return proposeManual({
    id: "widen-key",
    spec: ["D4"],
    risk: "disruptive",
    preview: `SET lock_timeout = '5s';\nALTER TABLE ${table} ALTER COLUMN ${postgresName(key.column)} TYPE bigint;\nALTER SEQUENCE ${sequenceOf(key)} AS bigint NO MAXVALUE`,
    describes: `give ${key.column} of ${key.table} bigint in place of ${key.type}; ${asOwner(key.owner)}`,
    consequence:
      "Writes the table and its indexes anew under a lock that keeps everybody out, readers too, and needs their size in free storage. While the database still works: a bigint column beside it, filled by a trigger and in batches, and a change of names. Columns that refer to it have to be widened as well; applications must read more than 32 bits.",
  });
}
