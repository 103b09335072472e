import { meanOf } from "./mean.ts";
import { type MetricFact, metricFact } from "./metric-facts.ts";
import { samplesOf } from "./metric-levels.ts";
import { sourceWrites } from "./source-writes.ts";
import type { View } from "./view.ts";

/** RDS writes something every five minutes, so that an idle primary's replica never seems further behind. */
export const idleSeconds = 330;
/** Read a minute after it was back at nothing. */
const backSeconds = 75;
const minuteSeconds = 60;
const leastFalls = 2;
/** The clock of the metric runs no faster than this. */
const asTheClock = 1.3;
/** Of the mean of today's: the same teeth a day and a week ago. */
const alike = [0.5, 2] as const;

/**
 * ReplicaLag of PostgreSQL is the age of the last transaction replayed: of a source that writes next to nothing it grows
 * with the clock until the write that RDS makes each five minutes, and falls to nothing with that. Where all of this was
 * read, twice in the window and so a day and a week ago, it is no lag: a replay that is held up does not end each five
 * minutes with its source's only write.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PostgreSQL.Replication.ReadReplicas.html
 */
export function isIdleSaw(view: View, lag: MetricFact): boolean {
  const { points, day, week } = lag;
  if (view.evidence.target.engine !== "postgres" || lag.id !== "ReplicaLag") return false;
  if (day === null || week === null || points.length === 0) return false;
  if (sourceWrites(view, lag.subject)?.state !== "idle") return false;
  if (samplesOf(lag).some(({ value }) => value < 0 || value >= idleSeconds)) return false;
  const mean = meanOf(points.map(({ value }) => value));
  const [least, most] = alike;
  if ([day, week].some((then) => then < least * mean || then > most * mean)) return false;
  const steps = points.slice(1).map(({ at, value }, before) => {
    const last = points[before];
    const seconds = (Date.parse(at) - Date.parse(last?.at ?? at)) / 1000;
    return { value, risen: value - (last?.value ?? value), seconds };
  });
  const falls = steps.filter(({ risen }) => risen < 0);
  return (
    falls.length >= leastFalls &&
    // The minute after which it was back may not have been read.
    falls.every(({ value, seconds }) => value <= backSeconds + Math.max(0, seconds - minuteSeconds)) &&
    steps.every(({ risen, seconds }) => risen <= asTheClock * seconds)
  );
}

/** Of the database that was looked at. */
export function hasIdleSource(view: View): boolean {
  const lag = metricFact(view, "ReplicaLag");
  return lag !== null && isIdleSaw(view, lag);
}

/** Behind how far it seems to be. */
export const idleSaw = "as an idle source makes it: it grows to 5 min and falls back each time RDS writes";
