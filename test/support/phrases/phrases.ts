import { logWords } from "../../../functions/core/text/log-vocabulary.ts";

export interface Phrases {
  /** Two words that stand side by side in a message, of which at least one is no word of the vocabulary by itself. */
  readonly pairs: readonly (readonly [string, string])[];
  /** A message has a number of its own between one of these and one of those. */
  readonly beforeNumber: readonly string[];
  readonly behindNumber: readonly string[];
  /** Behind these two words a message has one, and no word behind it. */
  readonly beforeLast: readonly (readonly [string, string])[];
  /** Names of settings and functions of the servers, which are nobody's values. */
  readonly names: readonly string[];
}

const placeholder =
  /%(?:\d+\$)?[-+ #0]*(?:\d+|\*)?(?:\.(?:\d+|\*)?)?(?:hh|h|ll|l|z|j|t|L|I64)?([diouxXeEfgGcspmMTSbQ%])(?:`?s)?/g;
const token =
  /"[^"]*"|'(?![ts]\b)[^']*'|`[^`]*`|[\ue000\ue001]|\p{L}+'[ts]\b|\p{L}[\p{L}\p{N}_$]*|\d[\w.]*/gu;
const oneWord = /^["'`][a-z_]{3,}["'`]$/i;

/** The words of a message in small letters; "#" for a number of its own, "?" for anything else that is put in. */
export function tokensOf(message: string): readonly string[] {
  const marked = message.replace(placeholder, (_all, kind: string) =>
    kind === "%" ? "%" : /[diouxXeEfgG]/.test(kind) ? "\ue000" : "\ue001",
  );
  return [...marked.matchAll(token)].map(([each]) => {
    if (/^[\ue000\d]/.test(each)) return "#";
    if (/^["'`\ue001]/.test(each) && !oneWord.test(each)) return "?";
    return each.toLowerCase();
  });
}

const isWord = (each: string | undefined): each is string => each !== undefined && !/^[#?]$/.test(each);
export const isName = (each: string): boolean => /^\p{L}\w*_\w+$/u.test(each);

/** Words of people, which a message of a server may hold, too. */
const personal = new Set(
  `alice black bob dead europe european gregorian greenwich healthy london male monday paris patient person positive roman sick sir
  victim white women john joe jane smith test foo bar secret south north east west age`.split(/\s+/),
);

const isPlain = (each: string): boolean =>
  each === "#" || (isWord(each) && (each.length > 1 || logWords.has(each)) && !personal.has(each));

const isNeighbour = (each: string): boolean => isPlain(each) && each.length > 1 && !/["_]/.test(each);

const isSought = (each: string | undefined): each is string =>
  isWord(each) && !logWords.has(each) && !isName(each) && each.length > 1 && !personal.has(each);

/** So few pairs that each word that is no one's by itself stands in one of them wherever a message has it. */
export function phrasesOf(messages: readonly string[]): Phrases {
  const all = messages.map(tokensOf);
  const near = (tokens: readonly string[], at: number) =>
    [[tokens[at - 1], tokens[at]] as const, [tokens[at], tokens[at + 1]] as const].filter(
      (pair): pair is readonly [string, string] => pair.every((each) => each !== undefined && isPlain(each)),
    );
  const counts = new Map<string, number>();
  for (const tokens of all)
    tokens.forEach((each, at) => {
      if (isSought(each))
        for (const pair of near(tokens, at))
          counts.set(pair.join(" "), (counts.get(pair.join(" ")) ?? 0) + 1);
    });
  const chosen = new Set<string>();
  for (const tokens of all)
    tokens.forEach((each, at) => {
      if (!isSought(each)) return;
      const pairs = near(tokens, at).map((pair) => pair.join(" "));
      if (pairs.some((pair) => chosen.has(pair))) return;
      const [best] = pairs.toSorted((a, b) => (counts.get(b) ?? 0) - (counts.get(a) ?? 0));
      if (best !== undefined) chosen.add(best);
    });
  const numbers = all.flatMap((tokens) =>
    tokens.flatMap((each, at) => {
      const [first = "?", before = "?", behind = "?"] = [tokens[at - 2], tokens[at - 1], tokens[at + 1]];
      const isNumber = each === "#" && isNeighbour(before) && (isNeighbour(behind) || isNeighbour(first));
      return isNumber ? [{ first, before, behind }] : [];
    }),
  );
  const between = numbers.filter(({ behind }) => isNeighbour(behind));
  const last = numbers
    .filter(({ behind }) => !isWord(behind))
    .map(({ first, before }) => `${first} ${before}`);
  const named = Map.groupBy(
    all.flatMap((tokens) => [...new Set(tokens.filter((each) => isName(each)))]),
    (each) => each,
  );
  const names = [...named]
    .flatMap(([each, { length }]) => (length < 2 || logWords.has(each) ? [] : [each]))
    .toSorted();
  return {
    pairs: [...chosen].toSorted().map((pair) => pair.split(" ") as [string, string]),
    beforeNumber: [...new Set(between.map(({ before }) => before))].toSorted(),
    behindNumber: [...new Set(between.map(({ behind }) => behind))].toSorted(),
    beforeLast: [...new Set(last)].toSorted().map((pair) => pair.split(" ") as [string, string]),
    names,
  };
}
