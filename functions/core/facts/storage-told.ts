import { eventsOf, minutesSince } from "./rds-facts.ts";
import { type StorageWord, storageWordOf } from "./storage-words.ts";
import type { View } from "./view.ts";

const dayMinutes = 24 * 60;

/** What RDS said of the storage of an instance within a day, newest first. */
export function wordsOnStorage(
  view: View,
  subject: string = view.evidence.target.name,
): readonly StorageWord[] {
  const own = subject === view.evidence.target.name;
  return eventsOf(view, subject, dayMinutes, own).flatMap((event) => storageWordOf(event) ?? []);
}

export interface StorageTold extends StorageWord {
  readonly minutes: number;
  /** Why autoscaling does not help, in the words of RDS; null where nothing was said. */
  readonly stuck: string | null;
}

/** The newest word that it is full or low, unless the volume has grown since. */
export function storageTold(view: View, subject?: string): StorageTold | null {
  const words = wordsOnStorage(view, subject);
  const grown = words.findIndex(({ effect }) => effect === "grown");
  const since = grown === -1 ? words : words.slice(0, grown);
  const worst = since.find(({ effect }) => effect === "full" || effect === "low");
  if (worst === undefined) return null;
  const stuck = since.find(({ effect }) => effect === "stuck");
  return { ...worst, minutes: minutesSince(view, worst.at), stuck: stuck?.message ?? null };
}
