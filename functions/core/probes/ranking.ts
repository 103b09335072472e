/** Rankings pick the rows worth showing: whatever is worst by one of them is shown, whatever the others say. */

/** At most so many of those that weigh anything at all, the heaviest first. */
export function heaviest<Thing>(
  things: readonly Thing[],
  weight: (thing: Thing) => number,
  places: number,
): Thing[] {
  return things
    .filter((thing) => weight(thing) > 0)
    .toSorted((a, b) => weight(b) - weight(a))
    .slice(0, places);
}

/** The first of every ranking, then the second of every ranking, and so on; each thing once. */
export function inTurns<Thing, Rank>(
  ranks: readonly Rank[],
  bestBy: (rank: Rank) => readonly Thing[],
): { thing: Thing; rankedBy: Rank[] }[] {
  const rankings = ranks.map((rank) => ({ rank, best: bestBy(rank) }));
  const rankedBy = new Map<Thing, Rank[]>();
  const places = Math.max(0, ...rankings.map(({ best }) => best.length));
  for (let place = 0; place < places; place += 1) {
    for (const { rank, best } of rankings) {
      const thing = best[place];
      if (thing !== undefined) rankedBy.set(thing, [...(rankedBy.get(thing) ?? []), rank]);
    }
  }
  return [...rankedBy].map(([thing, by]) => ({ thing, rankedBy: by }));
}
