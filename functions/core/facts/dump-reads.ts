import { withoutLeadingComments } from "../text/statement-parts.ts";
import { loadShares, totalLoad } from "./insights.ts";
import type { View } from "./view.ts";
import { waitNames } from "./wait-names.ts";

/** What pg_dump and exports send. */
const dumps = /^copy\b.*\bto\s+(?:stdout|program)\b/is;
/** Of the sessions that wait for pages. */
const mostPercent = 60;

/** Whether a dump reads most of the pages that are not in the cache: each of them once, so that none would hold them. */
export function dumpReads(view: View): boolean {
  const reads = loadShares(view, "statement").map(({ name, waits }) => ({
    name,
    load: totalLoad(waits.filter((wait) => waitNames.page.test(wait.name))),
  }));
  const mine = reads.filter(({ name }) => dumps.test(withoutLeadingComments(name).trimStart()));
  const all = totalLoad(reads);
  return all > 0 && 100 * totalLoad(mine) >= mostPercent * all;
}
