import { compare } from "./compare.ts";

/** Each of the texts once with how often it is there, most frequent first. */
export function mostFrequent(
  texts: readonly string[],
): readonly { readonly text: string; readonly count: number }[] {
  return [...Map.groupBy(texts, (text) => text)]
    .map(([text, all]) => ({ text, count: all.length }))
    .toSorted((a, b) => b.count - a.count || compare(a.text, b.text));
}
