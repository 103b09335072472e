import { proposeManual } from "../actions/propose.ts";
import type { ProposedAction } from "../contract/finding.ts";
import type { PostgresKeyUseRow } from "../probes/postgres/key-use-rows.ts";
import type { PostgresNarrowReferencesRow } from "../probes/postgres/narrow-references-rows.ts";
import type { PostgresSequencesBehindRow } from "../probes/postgres/sequences-behind-rows.ts";
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

/** The column that refers, and not the key: that one is wide. */
export function widenReference(row: PostgresNarrowReferencesRow): ProposedAction {
  return proposeManual({
    id: "widen-reference",
    spec: ["D4"],
    risk: "disruptive",
    preview: `SET lock_timeout = '5s';\nALTER TABLE ${postgresName(row.schema, row.table)} ALTER COLUMN ${postgresName(row.column)} TYPE bigint`,
    describes: `give ${row.column} of ${row.table} bigint in place of ${row.type}, as ${row.parentColumn} of ${row.parentTable} has; ${asOwner(row.owner)}`,
    consequence:
      "Writes the table and its indexes anew under a lock that keeps everybody out, readers too, and needs their size in free storage. Where that takes too long: a bigint column beside it, filled by a trigger and in batches, and a change of names. Views that read the column have to be dropped and made again; applications must read more than 32 bits.",
  });
}

/** It only ever goes forward: a session that takes a number meanwhile loses nothing. */
export function raiseSequence(row: PostgresSequencesBehindRow): ProposedAction {
  const sequence = postgresNameIn(row.sequenceSchema, row.sequence);
  const largest = `(SELECT max(${postgresName(row.column)}) FROM ${postgresName(row.schema, row.table)})`;
  return proposeManual({
    id: "raise-sequence",
    spec: ["D4"],
    risk: "disruptive",
    preview: `SELECT setval('${sequence.replaceAll("'", "''")}', GREATEST(${largest}, (SELECT last_value FROM ${sequence})))`,
    describes: `let ${row.sequence} go on after the largest ${row.column} of ${row.table}, ${row.largestKey} when it was looked at; as the sequence's owner or with UPDATE on it`,
    consequence: `INSERTs work from the next number on; the numbers between are left out. First see that ${row.largestKey} is no stray far above the others, and that nobody else gives keys to the table. Undo: setval to ${row.nextValue}, before a row is inserted. After a move by logical replication the other sequences want the same.`,
  });
}
