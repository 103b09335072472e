import { eventsOf, minutesSince } from "./rds-facts.ts";
import type { Stop } from "./replica-facts.ts";
import type { View } from "./view.ts";

const dayMinutes = 24 * 60;

/**
 * RDS's words on the replication of an instance: 0045, 0057, 0062, 0358, 0416 stop it, 0046, 0357, 0415 resume it.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Events.Messages.html
 */
const stops =
  /^replication has stopped|streaming has been terminated|replication .*(manually |was )?stopped|stopped replication/i;
const resumes = /replication .*(resumed|started)|resumed replication/i;
const errors = /^replication has stopped|terminated/i;

export interface ToldStop extends Stop {
  readonly at: string;
}

/** The newest word is that replication stopped; null where it was resumed since, or nothing was said within a day. */
export function toldStop(view: View, replica: string): ToldStop | null {
  const newest = eventsOf(view, replica, dayMinutes).find(
    ({ message }) => stops.test(message) || resumes.test(message),
  );
  if (newest === undefined || (resumes.test(newest.message) && !stops.test(newest.message))) return null;
  const { at } = newest;
  const message = newest.message.replace(/[\s.]+$/, "");
  return {
    at,
    why: `RDS said ${minutesSince(view, at)} min ago: ${message}`,
    error: errors.test(message) ? "RDS gives no reason: the replica's own status and error log do" : null,
    behind: true,
  };
}

/** What an event of the last hour says of a lag, in its own words. */
export function toldLag(view: View, replica: string): string | null {
  const event = eventsOf(view, replica, 60).find(({ message }) =>
    /replica\w*\W.*\b(lag|behind|delay)/i.test(message),
  );
  return event === undefined ? null : `an event ${minutesSince(view, event.at)} min ago: ${event.message}`;
}
