import { beforeNumber, behindNumber, isBeforeLast, isPhrase, settingNames } from "../text/server-phrases.ts";

const oneWord = /^(["'])[A-Za-z_]{3,40}\1$/;
const count = /^\d{1,10}(?:\.\d{1,6})?\.?$/;
/** What joins the parts of a date, an address or a telephone number. */
const joint = /[-+/:@.,()]/;

/** A text of fewer words of the vocabulary alone may be anybody's. */
const leastWords = 6;

/** A number behind one of these may be a customer's: in a message of another's words nothing tells. */
const somebodys = new Set("code id number user value total is of from account between than".split(" "));

/** What is put into a message is one word of four at most: where there is more, somebody else has put it together. */
const mostStrangers = 4;

/**
 * Which of the parts of a text stand as the servers' messages have them: words beside their neighbours, and, where no
 * word is anybody else's, the numbers that they count. One pass over the parts, and another for the numbers.
 */
export function knownPhrases(
  parts: readonly RegExpExecArray[],
  isOwnWord: (word: string) => boolean,
): ReadonlySet<RegExpExecArray> {
  const told = parts.filter(({ groups = {} }) => groups["other"] === undefined);
  const keys = told.map(keyOf);
  const known = new Set<RegExpExecArray>();
  let [words, phrases, strangers] = [0, 0, 0];
  told.forEach((part, at) => {
    const [key = "", before = "", behind = ""] = [keys[at], keys[at - 1], keys[at + 1]];
    if (key === "#" || key === "?") return;
    words++;
    if (isPhrase(before, key) || isPhrase(key, behind)) {
      known.add(part);
      phrases++;
    } else if (settingNames.has(key)) known.add(part);
    else if (part.groups?.["word"] !== undefined && !isOwnWord(part[0])) strangers++;
  });
  if (strangers * mostStrangers > words) return new Set();
  if (strangers > 0 || (phrases === 0 && words < leastWords)) return known;
  told.forEach((part, at) => {
    const [first = "", before = "", behind = "?"] = [keys[at - 2], keys[at - 1], keys[at + 1]];
    if (keys[at] !== "#" || !isCount(part)) return;
    const isLast =
      (behind === "?" || behind === "#") && isBeforeLast(first, before) && !somebodys.has(before);
    const isSet =
      before.includes("_") && /=\s?$/.test(part.input.slice(Math.max(0, part.index - 2), part.index));
    if (isSet || isLast || (beforeNumber.has(before) && behindNumber.has(behind) && !somebodys.has(before)))
      known.add(part);
  });
  return known;
}

function keyOf({ 0: all, groups = {} }: RegExpExecArray): string {
  if (groups["number"] !== undefined) return "#";
  if (groups["word"] !== undefined) return all.toLowerCase();
  return oneWord.test(all) ? all.toLowerCase() : "?";
}

function isCount({ 0: all, index, input }: RegExpExecArray): boolean {
  const [before = " ", behind = " "] = [input[index - 1], input[index + all.length]];
  return count.test(all) && !joint.test(before) && !/[-+/:@]/.test(behind);
}
