import { mysqlInnodbRatesRows } from "../probes/mysql/innodb-rates-rows.ts";
import { compare } from "../text/compare.ts";
import { type NamedKind, namedKinds } from "./named-kinds.ts";
import { rounded } from "./statements.ts";
import type { View } from "./view.ts";

export const countsSource = mysqlInnodbRatesRows.id;

/** What the server counts by name just now. */
export interface NamedCount {
  /** Null: its name says it. */
  readonly kind: NamedKind | null;
  readonly perSecond: number;
  /** Of a shorter interval than a second no more than it had. */
  readonly often: number;
  /** "15 a second of 1045 ER_ACCESS_DENIED_ERROR: user or password is wrong". */
  readonly says: string;
}

/** Most frequent first; empty where nothing was counted, or nobody could see it. */
export function namedCounts(view: View): readonly NamedCount[] {
  const { intervalSeconds = 1 } = view.rows(mysqlInnodbRatesRows)?.[0] ?? {};
  return Object.entries(ratesOf(view))
    .toSorted(([a, more], [b, less]) => less - more || compare(a, b))
    .map(([name, perSecond]) => {
      const kind = namedKinds.find(({ names }) => names.some((one) => isOf(name, one))) ?? null;
      const says = `${rounded(perSecond)} a second of ${name}`;
      const often = perSecond * Math.min(1, intervalSeconds);
      return { kind, perSecond, often, says: kind === null ? says : `${says}: ${kind.means}` };
    });
}

/** All of some names together. */
export function countedOf(view: View, ...names: NamedKind["names"]): number {
  return Object.entries(ratesOf(view)).reduce(
    (sum, [name, rate]) => sum + (names.some((one) => isOf(name, one)) ? rate : 0),
    0,
  );
}

const ratesOf = (view: View) => view.rows(mysqlInnodbRatesRows)?.[0]?.named ?? {};
const isOf = (name: string, one: number | string): boolean => name.split(" ")[0] === `${one}`;
