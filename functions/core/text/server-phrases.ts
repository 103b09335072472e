import { beforeLastNumbers, beforeNumbers, behindNumbers, namesOfSettings } from "./server-phrase-words.ts";
import { phrasesByFirst } from "./server-phrases-by-first.ts";
import { phrasesBySecond } from "./server-phrases-by-second.ts";

const phrases = new Set([
  ...pairsOf(phrasesByFirst, (one, other) => `${one} ${other}`),
  ...pairsOf(phrasesBySecond, (one, other) => `${other} ${one}`),
]);

/** Whether the two words, in small letters, stand side by side in a message of a server. */
export function isPhrase(first: string, second: string): boolean {
  return phrases.has(`${first} ${second}`);
}

const lastNumbers = new Set(pairsOf(beforeLastNumbers, (one, other) => `${other} ${one}`));

/** Whether a number of the server's own stands behind the two words, with no word behind it. */
export function isBeforeLast(first: string, second: string): boolean {
  return lastNumbers.has(`${first} ${second}`);
}

/** A number of the server's own stands between one of these and one of those. */
export const beforeNumber: ReadonlySet<string> = wordsOf(beforeNumbers);
export const behindNumber: ReadonlySet<string> = wordsOf(behindNumbers);
export const settingNames: ReadonlySet<string> = wordsOf(namesOfSettings);

function pairsOf(groups: string, pair: (one: string, other: string) => string): readonly string[] {
  return groups.split("|").flatMap((group) => {
    const [one = "", ...others] = group.trim().split(/\s+/);
    return others.map((other) => pair(one, other));
  });
}

function wordsOf(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/));
}
