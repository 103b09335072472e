import { clientsAway } from "./clients-away.ts";
import { isSaid, type LogWords, logRecords } from "./log-lines.ts";
import type { View } from "./view.ts";

const slackMs = 5 * 60_000;
/** A pool lives on its old connections for a while, and a client that is refused waits before it tries again. */
const followsMs = 15 * 60_000;

/**
 * Whether those who are refused in these words are the clients that are missing: nearly all of them were seen to leave, and
 * the words began with it. On a quiet day nobody has left, and one forgotten job is refused as on all other days, which a
 * log that does not reach back so far does not tell: what is not known makes it no better.
 */
export function areKeptOut(view: View, words: readonly LogWords[]): boolean {
  const away = clientsAway(view, null);
  if (away?.began?.seen !== true || !away.nearlyAll) return false;
  const { at, latest } = away.began;
  // Each account by itself: one that is refused on all days says nothing of another.
  const firsts = new Map<string, number>();
  for (const record of logRecords(view.evidence)) {
    const one = words.find((each) => isSaid(record, each));
    if (one === undefined) continue;
    const whose = one.says.exec(record.text)?.[1] ?? "";
    firsts.set(whose, Math.min(firsts.get(whose) ?? Number.POSITIVE_INFINITY, 1000 * record.at));
  }
  return [...firsts.values()].some((first) => first >= at - slackMs && first <= latest + followsMs);
}
