import { runsServerless } from "./database-kind.ts";
import { metricFact } from "./metric-facts.ts";
import { gotNoAnswer } from "./no-answer.ts";
import { minutesSince, recentEvents } from "./rds-facts.ts";
import type { View } from "./view.ts";

export interface Asleep {
  /** Since RDS said so; null where only the capacity tells. */
  readonly minutes: number | null;
  readonly source: string;
  readonly says: string;
}

/** Some 15 s, and 30 s or more after a day's sleep: who woke it longer ago waits for something else. */
const wakesWithinMinutes = 2;

/**
 * Serverless v2 at 0 ACU, where no connection has come for the time that the cluster allows. Its front accepts a
 * connection, which wakes it, and holds it meanwhile; null where the way in failed otherwise, or it was told to wake
 * and has not.
 * https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2-auto-pause.html
 */
export function asleep(view: View): Asleep | null {
  const minAcu = view.evidence.context?.topology?.cluster?.serverless?.minAcu ?? 0;
  if (!runsServerless(view) || minAcu > 0 || !gotNoAnswer(view)) return null;
  const word = recentEvents(view, 24 * 60).find(({ message }) => /\bpaus(e|ed|ing)\b|\bresum/i.test(message));
  const paused =
    word !== undefined && /\bpaused\b/i.test(word.message) && !/resum|cancel/i.test(word.message);
  const minutes = word === undefined ? null : minutesSince(view, word.at);
  if (word !== undefined && !paused && (minutes ?? 0) >= wakesWithinMinutes) return null;
  const capacity = metricFact(view, "ServerlessDatabaseCapacity");
  if (capacity?.latest === 0) {
    return { minutes: paused ? minutes : null, source: capacity.id, says: `0 ACU at ${capacity.at}` };
  }
  if (!paused || capacity !== null) return null;
  return { minutes, source: "DescribeEvents", says: `${word.at} ${word.message}` };
}
