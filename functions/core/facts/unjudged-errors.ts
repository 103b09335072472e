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
  if (asked === undefined || asked.status === "ok") return null;
  const [most] = (evidence.context?.logs ?? [])
    .flatMap(({ read }) => {
      const until = read?.until ?? null;
      if (read === undefined || until === null || read.seconds < leastSeconds) return [];
      if (Date.parse(evidence.collectedAt) - Date.parse(until) > 1000 * lateSeconds) return [];
      return read.errors.map(({ database, count }) => ({ database, perMinute: (60 * count) / read.seconds }));
    })
    .toSorted((a, b) => b.perMinute - a.perMinute || (a.database < b.database ? -1 : 1));
  return most !== undefined && most.perMinute >= many ? most : null;
}
