/**
 * The word that somebody probably meant: the one that takes the fewest keystrokes to mend, whatever the case.
 * @param most keystrokes; left out, a third of what was written. Null is returned when it takes more.
 */
export function nearest(
  written: string,
  words: readonly string[],
  most = Math.max(1, written.length / 3),
): string | null {
  const lower = written.toLowerCase();
  const [best] = words
    .map((word) => ({ word, keystrokes: keystrokesBetween(lower, word.toLowerCase()) }))
    .sort((a, b) => a.keystrokes - b.keystrokes);
  return best !== undefined && best.keystrokes <= most ? best.word : null;
}

/** Levenshtein's distance, with two letters that changed places counted once (optimal string alignment). */
function keystrokesBetween(a: string, b: string): number {
  // What is this much longer is never near; without this a text of kilobytes would be compared letter by letter.
  if (Math.abs(a.length - b.length) > Math.max(a.length, b.length) / 2) return Number.POSITIVE_INFINITY;
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? at(before, j - 2) + 1 : Infinity;
      next.push(Math.min(at(row, j) + 1, at(next, j - 1) + 1, at(row, j - 1) + same, swapped));
    }
    [before, row] = [row, next];
  }
  return at(row, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}
