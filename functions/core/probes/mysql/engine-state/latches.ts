import type { MysqlEngineStateRow } from "./rows.ts";

type Latch = NonNullable<MysqlEngineStateRow["latches"]>[number];

/**
 * Threads of the semaphores section that wait, by the file that made what they wait for: `btr0sea` the adaptive hash
 * index, `dict0dict` an index's own lock, `buf0buf` a page. https://dev.mysql.com/doc/refman/8.4/en/innodb-standard-monitor.html
 */
export function latchesIn(section: string): readonly Latch[] {
  return section
    .split(/^--Thread /m)
    .slice(1)
    .flatMap((block) => {
      const seconds = /has waited at .*? for (\d+(?:\.\d+)?)\s*seconds/.exec(block)?.[1];
      const madeIn = /created (?:in file )?(?:\S*\/)?(\w+)\.(?:cc|ic|h)\b/.exec(block)?.[1];
      if (seconds === undefined || madeIn === undefined) return [];
      return [{ madeIn, waiters: 1, longestSeconds: Number(seconds) }];
    });
}

export function mergeLatches(latches: readonly Latch[]): Latch[] {
  return [...Map.groupBy(latches, ({ madeIn }) => madeIn)]
    .map(([madeIn, all]) => ({
      madeIn,
      waiters: all.length,
      longestSeconds: Math.max(...all.map(({ longestSeconds }) => longestSeconds)),
    }))
    .toSorted((a, b) => b.waiters - a.waiters || (a.madeIn < b.madeIn ? -1 : 1));
}
