interface Groups {
  /** A word and those that follow it, a group each, with "|" before it. */
  readonly byFirst: readonly string[];
  /** A word and those before it. */
  readonly bySecond: readonly string[];
}

/** Each pair once, with the word that has the most others. */
export function grouped(pairs: readonly (readonly [string, string])[]): Groups {
  const groups: readonly [string[], string[]] = [[], []];
  let left = pairs;
  while (left.length > 0) {
    const sides = [0, 1] as const;
    const [largest] = sides
      .flatMap((side) =>
        [...Map.groupBy(left, (pair) => pair[side])].map(([word, all]) => ({ side, word, all })),
      )
      .toSorted((a, b) => b.all.length - a.all.length || b.side - a.side || (a.word < b.word ? -1 : 1));
    if (largest === undefined) break;
    const { side, word, all } = largest;
    groups[side].push([`|${word}`, ...all.map((pair) => pair[side === 0 ? 1 : 0]).toSorted()].join(" "));
    left = left.filter((pair) => pair[side] !== word);
  }
  return { byFirst: groups[0].toSorted(), bySecond: groups[1].toSorted() };
}

const width = 120;

export function wrapped(texts: readonly string[]): string {
  const lines = [""];
  for (const word of texts.flatMap((text) => text.split(" "))) {
    const last = lines.at(-1) ?? "";
    if (last.length + word.length >= width - 2) lines.push(word);
    else lines[lines.length - 1] = last === "" ? word : `${last} ${word}`;
  }
  return lines.join("\n  ").replaceAll(" |", "|").replace(/^\|/, "");
}
