import type { RdsEvent } from "../contract/context.ts";
import { metricFact } from "./metric-facts.ts";
import { bytesText, eventsOf, minutesSince } from "./rds-facts.ts";
import { allocatedBytes } from "./storage-space.ts";
import { wordsOnStorage } from "./storage-told.ts";
import type { View } from "./view.ts";

/** What ended longer ago than this has no part in an alarm of now. */
const recentMinutes = 120;

/**
 * A trouble that RDS reported and that has ended, by their words; the first page has all of them.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Events.Messages.html (0020 and 0021, 0045 and 0046)
 */
const ends = [
  {
    began: /^recovery of the db instance has started/i,
    ended: /^recovery of the db instance is complete/i,
    says: "its recovery is complete",
  },
  {
    began: /^replication has stopped/i,
    ended: /^replication for the read replica resumed/i,
    says: "replication resumed",
  },
] as const;

/** What was wrong and has mended itself, in words; empty where nothing tells so. */
export function recoveredBy(view: View): readonly string[] {
  const { context, target } = view.evidence;
  const subjects = new Set([target.name, ...(context?.events ?? []).map(({ subject }) => subject)]);
  const events = [...subjects].flatMap((subject) => eventsOf(view, subject, recentMinutes));
  return [
    ...storageGrew(view),
    ...ends.flatMap(({ began, ended, says }) => {
      const end = events.find(({ message }) => ended.test(message));
      return end !== undefined && hasBegun(view, end, began)
        ? [`${says}${end.subject === target.name ? "" : ` (${end.subject})`} ${ago(view, end.at)}`]
        : [];
    }),
  ];
}

function hasBegun(view: View, end: RdsEvent, began: RegExp): boolean {
  const events = eventsOf(view, end.subject, 24 * 60);
  return events.some(({ message, at }) => began.test(message) && at <= end.at);
}

function storageGrew(view: View): readonly string[] {
  const words = wordsOnStorage(view);
  const index = words.findIndex(({ effect }) => effect === "grown");
  const grown = words[index];
  if (grown === undefined || minutesSince(view, grown.at) > recentMinutes) return [];
  const told = words.slice(index).map((word) => word.grewFromBytes ?? word.allocatedBytes);
  const before = told.find((size) => size !== null) ?? null;
  const now = allocatedBytes(view);
  const free = metricFact(view, "FreeStorageSpace");
  const sizes =
    before === null || now === null || now <= before ? "" : ` from ${bytesText(before)} to ${bytesText(now)}`;
  const space =
    free === null
      ? ""
      : `, ${bytesText(free.latest)} are free${free.lowest < 0.9 * free.latest ? `, ${bytesText(free.lowest)} before` : ""}`;
  return [`storage grew${sizes} ${ago(view, grown.at)}${space}`];
}

function ago(view: View, at: string): string {
  return `${minutesSince(view, at)} min ago`;
}
