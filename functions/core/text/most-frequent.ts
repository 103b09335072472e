import { compare } from "./compare.ts";

/** Groups, the largest first. */
export function largestFirst<Key extends string | null, Of>(
  groups: ReadonlyMap<Key, readonly Of[]>,
): readonly (readonly [Key, readonly Of[]])[] {
  return [...groups].toSorted(
    ([a, first], [b, second]) => second.length - first.length || compare(a ?? "", b ?? ""),
  );
}

/** Each of the texts once with how often it is there, most frequent first. */
export function mostFrequent(
  texts: readonly string[],
): readonly { readonly text: string; readonly count: number }[] {
  return largestFirst(Map.groupBy(texts, (text) => text)).map(([text, { length: count }]) => ({
    text,
    count,
  }));
}
