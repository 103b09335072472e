import * as z from "zod";
import type { SqlRow } from "../ports.ts";

/**
 * What a counter grew by, or null when it cannot be known: no earlier reading, or the counter is smaller than
 * before, because statistics were reset or the server restarted in between.
 */
export function growth(before: number | null | undefined, after: number | null | undefined): number | null {
  if (before === null || before === undefined || after === null || after === undefined) return null;
  return after < before ? null : after - before;
}

export function perSecond(
  before: number | null | undefined,
  after: number | null | undefined,
  seconds: number,
): number | null {
  const grown = growth(before, after);
  return grown === null || seconds <= 0 ? null : grown / seconds;
}

/** Null when nothing was read at all: there is no ratio of nothing. */
export function hitPercent(hit: number | null, read: number | null): number | null {
  if (hit === null || read === null || hit + read === 0) return null;
  return (100 * hit) / (hit + read);
}

export interface Pair<Row> {
  readonly before: Row | undefined;
  readonly after: Row;
  /** Between the two readings, by the server's clock; 0 without an earlier one. */
  readonly seconds: number;
}

/** Readings have the server's clock in `at_seconds`. */
export interface Timed {
  readonly at_seconds: number;
}

/** Joins two readings of one view by key, in the order of the second one. */
export function pairs<Row extends Timed>(
  schema: z.ZodType<Row>,
  first: readonly SqlRow[] | undefined,
  second: readonly SqlRow[] | undefined,
  keyOf: (row: Row) => string,
): Pair<Row>[] {
  const earlier = new Map(
    z
      .array(schema)
      .parse(first ?? [])
      .map((row) => [keyOf(row), row]),
  );
  return z
    .array(schema)
    .parse(second ?? [])
    .map((after) => {
      const before = earlier.get(keyOf(after));
      return { before, after, seconds: before ? Math.max(0, after.at_seconds - before.at_seconds) : 0 };
    });
}

/**
 * What each counter of an entry grew by. An entry that is new, or smaller than before in one of `neverFalling` (its
 * statistics were reset, or it was evicted and came back), began at zero between the readings: all that it has is new.
 */
export function entryGrowth<Name extends string>(
  before: Readonly<Record<Name, number>> | undefined,
  after: Readonly<Record<Name, number>>,
  neverFalling: readonly Name[],
): (name: Name) => number {
  const goesOn = before !== undefined && neverFalling.every((name) => before[name] <= after[name]);
  return (name) => Math.max(0, after[name] - (goesOn ? before[name] : 0));
}
