import type { LogExcerpt } from "../contract/log-excerpt.ts";
import { postgresDatabaseRatesRows } from "../probes/postgres/database-rates-rows.ts";
import type { View } from "./view.ts";

export interface UnjudgedErrors {
  readonly database: string;
  readonly perMinute: number;
}

/** Ordinary conflicts and agents make fewer. */
const many = 30;
/** A moment's lines are no rate, and what ended longer ago is over; a log comes late by a minute. */
const leastSeconds = 15;
const lateSeconds = 90;

/**
 * A database whose log has so many errors a minute, of which nobody saw what part of its transactions they are, though
 * it was asked: they may be a few of a busy one, or all that anybody does. The one with most; null where there is none.
 */
export function unjudgedErrors(view: View): UnjudgedErrors | null {
  const { evidence } = view;
  // Not asked is no sight that was missed: a look for locks alone asks for them alone.
  const asked = evidence.probes.find(({ id }) => id === postgresDatabaseRatesRows.id);
  if (asked === undefined) return null;
  // Of a server with many databases the first twenty are read, and of a counter that was reset there is no rate.
  const judged = new Set(
    (view.rows(postgresDatabaseRatesRows) ?? [])
      .filter(
        ({ commitsPerSecond, rollbacksPerSecond }) =>
          commitsPerSecond !== null && rollbacksPerSecond !== null,
      )
      .map(({ database }) => database),
  );
  const [most] = (evidence.context?.logs ?? [])
    .flatMap(({ read }) => {
      const until = read?.until ?? null;
      if (read === undefined || until === null) return [];
      if (Date.parse(evidence.collectedAt) - Date.parse(until) > 1000 * lateSeconds) return [];
      // Of a moment at least so many were within its minute: the faster they come, the less time what is read spans.
      const seconds = read.seconds < leastSeconds ? 60 : read.seconds;
      return read.errors
        .filter((one) => !judged.has(one.database) && !areOver(read, until, one))
        .map(({ database, count }) => ({ database, perMinute: (60 * count) / seconds }));
    })
    .toSorted((a, b) => b.perMinute - a.perMinute || (a.database < b.database ? -1 : 1));
  return most !== undefined && most.perMinute >= many ? most : null;
}

/** The log goes on without them for so long: a release that took a moment. */
const quietSeconds = 60;
/** Of them, by the kinds that were counted: what is left out may go on. */
const nearlyAll = 0.9;

function areOver(
  { kinds = [] }: NonNullable<LogExcerpt["read"]>,
  until: string,
  { database, count }: { readonly database: string; readonly count: number },
): boolean {
  const own = kinds.filter((kind) => kind.level === "ERROR" && kind.database === database);
  const counted = own.reduce((sum, kind) => sum + kind.count, 0);
  const last = Math.max(...own.map((kind) => kind.until));
  return counted >= nearlyAll * count && Date.parse(until) / 1000 - last >= quietSeconds;
}
