import { clientsAway } from "./clients-away.ts";
import { isSaid, type LogWords, logRecords } from "./log-lines.ts";
import type { View } from "./view.ts";

const slackMs = 5 * 60_000;
/** A pool lives on its old connections for a while, and a client that is refused waits before it tries again. */
const followsMs = 15 * 60_000;

/**
 * Whether those who are refused in these words are the clients that are missing: nearly all of them were seen to leave, and
 * the words began with it. On a quiet day nobody has left, and one forgotten job is refused as on all other days; of a log
 * that does not reach back so far it is not known.
 */
export function areKeptOut(view: View, words: readonly LogWords[]): boolean {
  const away = clientsAway(view, null);
  if (away?.began?.seen !== true || !away.nearlyAll) return false;
  const told = logRecords(view.evidence)
    .filter((record) => words.some((one) => isSaid(record, one)))
    .map(({ at }) => 1000 * at);
  const { at, latest } = away.began;
  const first = Math.min(...told);
  return first >= at - slackMs && first <= latest + followsMs;
}
