import { postgresUndoneChangesRows, type UndoneChangesRow } from "../probes/postgres/undone-changes-rows.ts";
import type { View } from "./view.ts";

const nearlyAll = 0.9;

type InsertsUndone = "nearly-all" | "not";

/** Whether the INSERTs into a table were rolled back; null where none was counted, or it could not be seen. */
export function insertsUndone(
  view: View,
  { schema, table }: { readonly schema: string; readonly table: string },
): InsertsUndone | null {
  const row = (view.rows(postgresUndoneChangesRows) ?? []).find(
    (one) => one.schema === schema && one.table === table,
  );
  if (row === undefined || row.insertsPerSecond === 0 || row.undoneInsertsPerSecond === null) return null;
  return row.undoneInsertsPerSecond >= nearlyAll * row.insertsPerSecond ? "nearly-all" : "not";
}

export interface UndoneTable {
  readonly name: string;
  readonly undonePerSecond: number;
  readonly changesPerSecond: number;
}

/** Fewer rows between two readings may be one transaction that thought better of it. */
const enough = 20;
/** Of one table: what is inserted unless it is there already fails mostly, and is well. */
const allButFew = 0.98;

/**
 * Tables of the database of which nothing stays, the most first: where nearly all of what is written there is undone, or
 * all but a few rows of a table. One large transaction is not many: what counts is at most a row for each rollback.
 */
export function undoneTables(
  view: View,
  { database, rollbacksPerSecond }: { readonly database: string | null; readonly rollbacksPerSecond: number },
): readonly UndoneTable[] {
  const rows = (view.rows(postgresUndoneChangesRows) ?? []).filter((row) => row.database === database);
  const known = rows.filter(({ undonePerSecond }) => undonePerSecond !== null);
  const sum = (of: (row: UndoneChangesRow) => number): number =>
    known.reduce((total, row) => total + of(row), 0);
  const share =
    sum(undoneOf) /
    Math.max(
      0.001,
      sum(({ changesPerSecond }) => changesPerSecond),
    );
  return known
    .filter((row) => {
      const least = share >= nearlyAll ? nearlyAll : allButFew;
      return (
        undoneShare(row) >= least &&
        Math.min(undoneOf(row), rollbacksPerSecond) * row.intervalSeconds >= enough
      );
    })
    .map((row) => ({
      name: `${row.schema}.${row.table}`,
      undonePerSecond: undoneOf(row),
      changesPerSecond: row.changesPerSecond,
    }));
}

function undoneOf({ undonePerSecond }: UndoneChangesRow): number {
  return undonePerSecond ?? 0;
}

/** Of its changes, or of its inserts where other rows of it go on being updated. */
function undoneShare(row: UndoneChangesRow): number {
  const inserts = row.insertsPerSecond === 0 ? 0 : (row.undoneInsertsPerSecond ?? 0) / row.insertsPerSecond;
  return Math.max(undoneOf(row) / row.changesPerSecond, inserts);
}
