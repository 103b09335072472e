import { mysqlKeyUseRows } from "../probes/mysql/key-use/rows.ts";
import { compare } from "../text/compare.ts";
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
  /** The probe that saw it. */
  readonly source: string;
}

/** The probes that read counters of keys. */
export const keyUseProbes = [mysqlKeyUseRows.id] as const;

/** The fullest first; null when no probe could see it. */
export function keyUses(view: View): readonly KeyUse[] | null {
  const mysql = view.rows(mysqlKeyUseRows);
  if (mysql === null) return null;
  return mysql
    .map((row) => ({
      ...row,
      exhausted: BigInt(row.nextValue) >= BigInt(row.maxValue),
      source: mysqlKeyUseRows.id,
    }))
    .toSorted((a, b) => b.usedPercent - a.usedPercent || compare(keyName(a), keyName(b)));
}

/** "shop.orders.id" */
export function keyName({ schema, table, column }: Pick<KeyUse, "schema" | "table" | "column">): string {
  return `${schema}.${table}.${column}`;
}
