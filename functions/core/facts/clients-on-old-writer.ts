import type { RdsEvent } from "../contract/context.ts";
import { mostFrequent } from "../text/most-frequent.ts";
import { duration, list, plural } from "../text/wording.ts";
import type { ClientsAway } from "./clients-away.ts";
import { failoversOf, movedTo, wasReader } from "./failover-events.ts";
import { isSaid, type LogWords, logRecords, recentLogHits } from "./log-lines.ts";
import { metricFact, readingOf } from "./metric-facts.ts";
import { eventsOf, minutesSince, othersOf } from "./rds-facts.ts";
import type { View } from "./view.ts";

/** A name is kept for five seconds, pools and drivers take their time. */
const settledMinutes = 5;
/** Fewer than this are no crowd that could be at the wrong place. */
const leastCrowd = 10;
/** About as many as on other days at this hour. */
const alike = 0.25;
/** Of two members that have about as many, nobody could tell who is where. */
const fewer = 0.5;

/** A session that has to read only, as every one of a reader. An ERROR's own words; RAISE of an application is none. */
export const refusedWrite: LogWords = {
  levels: ["ERROR"],
  says: /^cannot execute [A-Z ]{2,40} in a read-only transaction$/,
};

/** A session of its own may be read only on purpose. */
const leastRefused = 5;
const stillSeconds = 3 * 60;
const freshMinutes = 60;
/** Who writes all the time is no job that was never at home here, unless nobody has minded for this long. */
const crowdMinutes = 180;
const crowdPerMinute = 1;

/** The log of what was the writer refuses writes since it moved away, still; null where it does not, or was not read. */
export function writesAtOldWriter(view: View, newest: RdsEvent): ClientsAway | null {
  const writer = movedTo(newest);
  const { name, engine } = view.evidence.target;
  if (engine !== "postgres" || writer === null || writer === name) return null;
  const since = Date.parse(newest.at) / 1000;
  const records = logRecords(view.evidence).filter(({ at }) => at >= since);
  const hits = recentLogHits(view.evidence, refusedWrite, records);
  if (hits === null || hits.count < leastRefused || hits.newestAgeSeconds > stillSeconds) return null;
  const isCrowd = hits.count / Math.max(1, hits.spanSeconds / 60) >= crowdPerMinute;
  const users = mostFrequent(
    records.flatMap((record) => (isSaid(record, refusedWrite) ? (record.client?.user ?? []) : [])),
  );
  return {
    says: `clients still write at ${name}, which only reads since, and are refused (read-only transaction): ${plural(hits.count, "refusal")} in its log within ${duration(Math.max(60, hits.spanSeconds))} (${list(users.slice(0, 3).map(({ text }) => text))}), the last ${duration(hits.newestAgeSeconds)} ago; ${writer} writes`,
    // Every write of theirs fails; long after it a job that has never written here may be all there is of them.
    nearlyAll: minutesSince(view, newest.at) <= (isCrowd ? crowdMinutes : freshMinutes),
    toldBy: "error log",
  };
}

/**
 * In a cluster: this member has about as many connections as on other days, though another of them writes since, and
 * the crowd is where it was: its clients came back to an address, and not to the writer. Where writers' and readers'
 * clients have changed places, as the cluster's own names make them, this one has as many as the other had. Null where
 * they have, or it could not be seen. What other members had on other days is not read.
 */
export function clientsOnOldWriter(view: View, newest: RdsEvent): ClientsAway | null {
  const writer = movedTo(newest);
  const self = view.evidence.target.name;
  if (writer === null || minutesSince(view, newest.at) < settledMinutes || !isAsBefore(view)) return null;
  // Of several failovers nobody knows who was what before, and a reader that looks on has its own as ever.
  if (failoversOf(view).filter((event) => movedTo(event) !== null).length !== 1) return null;
  const before = writerBefore(view, newest);
  if (before === null || (writer === self ? !wasReader(view) : before !== self)) return null;
  const there = countOf(view, writer);
  const here = countOf(view, before) ?? 0;
  if (there === null || here < leastCrowd || there > fewer * here) return null;
  return {
    says: `its clients came back to ${before}, which does not write any more: ${Math.round(here)} connections there and ${Math.round(there)} at ${writer}, with about as many at ${self} as at this time on other days; whatever they write there fails`,
    // Whether they write at all was not seen.
    nearlyAll: false,
  };
}

/** The only one beside the writer; of several, who was restarted by it, if that is one. */
function writerBefore(view: View, newest: RdsEvent): string | null {
  const all = [view.evidence.target.name, ...othersOf(view).map(({ id }) => id)];
  const ids = all.filter((id) => id !== movedTo(newest));
  const minutes = minutesSince(view, newest.at) + settledMinutes;
  const restarted = (id: string): boolean =>
    eventsOf(view, id, minutes).some(({ message }) => /restart/i.test(message));
  const [only, ...others] = ids.length === 1 ? ids : ids.filter(restarted);
  return only === undefined || others.length > 0 ? null : only;
}

function countOf(view: View, subject: string): number | null {
  return metricFact(view, "DatabaseConnections", subject)?.latest ?? null;
}

/** Of a new writer, too, what it had as a reader is what counts here. */
function isAsBefore(view: View): boolean {
  const { name } = view.evidence.target;
  const reading = readingOf(view, "DatabaseConnections", name);
  const before = Math.max(reading?.baselineDay ?? 0, reading?.baselineWeek ?? 0);
  const now = countOf(view, name);
  return before > 0 && now !== null && Math.abs(now - before) <= alike * before;
}
