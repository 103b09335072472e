import { mysqlKeyUseRows } from "../probes/mysql/key-use/rows.ts";
import { postgresDatabaseRatesRows } from "../probes/postgres/database-rates-rows.ts";
import { postgresFailingStatementsRows } from "../probes/postgres/failing-statements-rows.ts";
import { type PostgresKeyUseRow, postgresKeyUseRows } from "../probes/postgres/key-use-rows.ts";
import {
  type PostgresNarrowReferencesRow,
  postgresNarrowReferencesRows,
} from "../probes/postgres/narrow-references-rows.ts";
import { compare } from "../text/compare.ts";
import { insertsUndone } from "./undone-changes.ts";
import type { View } from "./view.ts";

/** A column that numbers its rows, and how much of its type's numbers is gone; the same for every engine. */
export interface KeyUse {
  readonly schema: string;
  readonly table: string;
  readonly column: string;
  /** As the engine writes it: "int unsigned". */
  readonly type: string;
  readonly usedPercent: number;
  /** Decimal text: a bigint is more than a number holds. */
  readonly nextValue: string;
  readonly maxValue: string;
  /** Nothing is left, or the last value only. */
  readonly exhausted: boolean;
  /** INSERTs that failed for want of a number; null where that could not be seen. */
  readonly failed: { readonly count: number; readonly secondsAgo: number } | null;
  /** PostgreSQL: the sequence behind it. */
  readonly postgres?: PostgresKeyUseRow;
  /** PostgreSQL: the wider key that the column refers to; the next value is that key's. */
  readonly refersTo?: PostgresNarrowReferencesRow;
  /** The probe that saw it. */
  readonly source: string;
}

/** The probes that read counters of keys. */
export const keyUseProbes = [
  mysqlKeyUseRows.id,
  postgresKeyUseRows.id,
  postgresNarrowReferencesRows.id,
] as const;

/** The fullest first; null when no probe could see it. */
export function keyUses(view: View): readonly KeyUse[] | null {
  const mysql = view.rows(mysqlKeyUseRows)?.map((row) => ({ ...row, source: mysqlKeyUseRows.id })) ?? null;
  const postgres = view.rows(postgresKeyUseRows)?.map((row) => fromPostgres(view, row)) ?? null;
  const references = view.rows(postgresNarrowReferencesRows)?.map((row) => fromReference(view, row)) ?? null;
  if (mysql === null && postgres === null && references === null) return null;
  return [...(mysql ?? []), ...(postgres ?? []), ...(references ?? [])]
    .map((row) => ({ ...row, exhausted: BigInt(row.nextValue) >= BigInt(row.maxValue) }))
    .toSorted((a, b) => b.usedPercent - a.usedPercent || compare(keyName(a), keyName(b)));
}

/**
 * The server does not count what fails. An INSERT caught failing proves it; not a rollback while two readings were taken
 * shows that nobody tries.
 */
function fromPostgres(view: View, row: PostgresKeyUseRow): Omit<KeyUse, "exhausted"> {
  const caught = insertsCaught(view, row);
  return {
    ...row,
    failed: caught > 0 || nothingRolledBack(view) ? { count: caught, secondsAgo: 0 } : null,
    source: postgresKeyUseRows.id,
    postgres: row,
  };
}

/** A value too large for the column is refused before the table counts it; what its transaction made in the parent goes with it. */
function fromReference(view: View, row: PostgresNarrowReferencesRow): Omit<KeyUse, "exhausted"> {
  const caught = insertsCaught(view, row);
  const undone = insertsUndone(view, { schema: row.parentSchema, table: row.parentTable });
  const count = caught + (undone === "nearly-all" ? 1 : 0);
  return {
    ...row,
    failed: count > 0 || nothingRolledBack(view) ? { count, secondsAgo: 0 } : null,
    source: postgresNarrowReferencesRows.id,
    refersTo: row,
  };
}

function nothingRolledBack(view: View): boolean {
  const rates = view.rows(postgresDatabaseRatesRows)?.filter(({ database }) => database !== null) ?? [];
  return rates.length > 0 && rates.every(({ rollbacksPerSecond }) => rollbacksPerSecond === 0);
}

/** Sessions whose INSERT into the table ended and was not counted. */
export function insertsCaught(view: View, { table }: { readonly table: string }): number {
  return (view.rows(postgresFailingStatementsRows) ?? [])
    .filter(({ query }) => insertsInto(query, table))
    .reduce((sum, { sessions }) => sum + sessions, 0);
}

export function insertsInto(query: string | null, table: string): boolean {
  const [, name = ""] =
    /^\s*(?:(?:insert|merge)\s+into|copy(?=[^;]*\sfrom\s))\s+(?:only\s+)?([^\s(]+)/i.exec(query ?? "") ?? [];
  return name.replaceAll('"', "").split(".").at(-1) === table;
}

/** "shop.orders.id" */
export function keyName({ schema, table, column }: Pick<KeyUse, "schema" | "table" | "column">): string {
  return `${schema}.${table}.${column}`;
}
