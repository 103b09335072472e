import { mysqlInnodbRatesRows } from "../probes/mysql/innodb-rates-rows.ts";
import { compare } from "../text/compare.ts";
import { duration } from "../text/wording.ts";
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
  /** In the interval. */
  readonly count: number;
  /** "15 a second of 1045 ER_ACCESS_DENIED_ERROR: user or password is wrong". */
  readonly says: string;
}

/** Most frequent first; empty where nothing was counted, or nobody could see it. */
export function namedCounts(view: View): readonly NamedCount[] {
  const { intervalSeconds = 1 } = view.rows(mysqlInnodbRatesRows)?.[0] ?? {};
  return Object.entries(ratesOf(view))
    .toSorted(([a, more], [b, less]) => less - more || compare(a, b))
    .map(([name, perSecond]) => {
      const kind = kindOf(view, name, perSecond);
      const count = Math.round(perSecond * intervalSeconds);
      const pace = count === 1 ? `once in ${duration(intervalSeconds)}` : `${rounded(perSecond)} a second`;
      const often = perSecond * Math.min(1, intervalSeconds);
      const means = kind === null ? "" : `: ${kind.means}`;
      return { kind, perSecond, often, count, says: `${pace} of ${name}${means}` };
    });
}

/** Statements are answered with some numbers of refused sign-ins, too, as where a name is wrong: those abort no connect. */
function kindOf(view: View, name: string, perSecond: number): NamedKind | null {
  const kind = namedKinds.find(({ names }) => names.some((one) => isOf(name, one))) ?? null;
  if (kind?.alsoOfStatements !== true || 2 * abortedSignIns(view) >= perSecond) return kind;
  const { names, means } = kind;
  return { cause: "error-storm", names, means };
}

/** A second; without those that never tried to sign in, where those are counted. */
export function abortedSignIns(view: View): number {
  const rates = view.rows(mysqlInnodbRatesRows)?.[0];
  return (rates?.abortedConnectsPerSecond ?? 0) - (rates?.abortedBeforeSignInPerSecond ?? 0);
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
