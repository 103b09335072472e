import { compareKeys } from "./lock-request.ts";

/** Parent links turned into trees: who is under whom, and how much. */
export interface Trees {
  /** After cycles were cut open. */
  readonly parentOf: ReadonlyMap<string, string | null>;
  readonly childrenOf: ReadonlyMap<string, readonly string[]>;
  /** Members under it, all the way down. */
  readonly sizeBelow: ReadonlyMap<string, number>;
  readonly longestBelow: ReadonlyMap<string, number>;
  readonly cycles: string[][];
  /** Roots first, each parent before its children. */
  readonly byDepth: readonly string[];
  readonly depthOf: ReadonlyMap<string, number>;
}

/**
 * Every member has at most one parent, so a cycle shows as a walk that meets itself. Each cycle is cut at its
 * lowest key, which becomes a root: whoever walks the result reaches an end.
 */
export function growTrees(
  links: ReadonlyMap<string, string | null>,
  waitOf: (key: string) => number | null,
): Trees {
  const parentOf = new Map([...links].sort(([a], [b]) => compareKeys(a, b)));
  const cycles = cutCycles(parentOf);
  const childrenOf = new Map<string, string[]>();
  for (const [key, parent] of parentOf) {
    if (parent === null) continue;
    const children = childrenOf.get(parent);
    if (children) children.push(key);
    else childrenOf.set(parent, [key]);
  }
  const byDepth = [...parentOf].filter(([, parent]) => parent === null).map(([key]) => key);
  const depthOf = new Map(byDepth.map((key) => [key, 0]));
  // The array grows while it is walked: breadth first without recursion, for chains thousands deep.
  for (const key of byDepth) {
    for (const child of childrenOf.get(key) ?? []) {
      depthOf.set(child, (depthOf.get(key) ?? 0) + 1);
      byDepth.push(child);
    }
  }
  return { parentOf, childrenOf, cycles, byDepth, depthOf, ...sumUp(byDepth, parentOf, waitOf) };
}

function sumUp(
  byDepth: readonly string[],
  parentOf: ReadonlyMap<string, string | null>,
  waitOf: (key: string) => number | null,
): Pick<Trees, "sizeBelow" | "longestBelow"> {
  const sizeBelow = new Map<string, number>();
  const longestBelow = new Map<string, number>();
  for (const key of byDepth.toReversed()) {
    const parent = parentOf.get(key);
    if (parent === null || parent === undefined) continue;
    sizeBelow.set(parent, (sizeBelow.get(parent) ?? 0) + 1 + (sizeBelow.get(key) ?? 0));
    const waits = [longestBelow.get(parent), longestBelow.get(key), waitOf(key) ?? undefined];
    const known = waits.filter((seconds) => seconds !== undefined);
    if (known.length > 0) longestBelow.set(parent, Math.max(...known));
  }
  return { sizeBelow, longestBelow };
}

function cutCycles(parentOf: Map<string, string | null>): string[][] {
  const cycles: string[][] = [];
  const walkOf = new Map<string, number>();
  for (const [walk, start] of [...parentOf.keys()].entries()) {
    let key: string | null = start;
    while (key !== null && !walkOf.has(key)) {
      walkOf.set(key, walk);
      key = parentOf.get(key) ?? null;
    }
    if (key === null || walkOf.get(key) !== walk) continue;
    const cycle = membersFrom(key, parentOf);
    cycles.push(cycle);
    if (cycle[0] !== undefined) parentOf.set(cycle[0], null);
  }
  return cycles;
}

/** Lowest key first, then along the waits. */
function membersFrom(entry: string, parentOf: ReadonlyMap<string, string | null>): string[] {
  const members: string[] = [];
  let key: string | null = entry;
  do {
    members.push(key);
    key = parentOf.get(key) ?? null;
  } while (key !== null && key !== entry);
  const lowest = members.toSorted(compareKeys)[0] ?? entry;
  const at = members.indexOf(lowest);
  return [...members.slice(at), ...members.slice(0, at)];
}
