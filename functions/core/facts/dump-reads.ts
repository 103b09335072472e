import { withoutLeadingComments } from "../text/statement-parts.ts";
import { statementText } from "../text/wording.ts";
import { type LoadShare, loadShares, totalLoad } from "./insights.ts";
import { metricFact, usualHigh } from "./metric-facts.ts";
import type { View } from "./view.ts";
import { waitNames } from "./wait-names.ts";

/** What pg_dump and exports send. */
const copies = /^copy\b.*\bto\s+(?:stdout|program)\b/is;
/**
 * What mysqldump, mariadb-dump and mydumper send: the mark is in their source, and of it a digest keeps the word alone.
 * https://github.com/mysql/mysql-server/blob/trunk/client/mysqldump.cc (dump_table)
 */
const dumps =
  /^(?:select\s+\/\*!40001\s+sql_no_cache\s*\*\/|select\s+sql_no_cache\s+\*\s+from\s+[^\s,]+(?:\s*\.\s*[^\s,]+)?\s*;?$)/is;

const bare = ({ name }: Pick<LoadShare, "name">): string => withoutLeadingComments(name).trim();
/** Of the sessions that wait for pages. */
const mostPercent = 60;

/** Whether a dump reads most of the pages that are not in the cache: each of them once, so that none would hold them. */
export function dumpReads(view: View): boolean {
  const reads = loadShares(view, "statement").map((share) => ({ name: share.name, load: forPages(share) }));
  const all = totalLoad(reads);
  return all > 0 && 100 * totalLoad(reads.filter((read) => copies.test(bare(read)))) >= mostPercent * all;
}

function forPages({ waits }: LoadShare): number {
  return totalLoad(waits.filter(({ name }) => waitNames.page.test(name)));
}

/** Of the window it has been at work for so long, at least. */
const noticeable = 0.3;
/** Over what is usual, and of all that the volume moves. */
const farMore = 2;
const mostOfIt = 0.5;
/** A dump reads, and hardly computes; what it reads it sends, compressed or without what no row holds. */
const mostOfItsOwn = 0.5;
const sentShare = 0.25;

function isSent(view: View, moreRead: number): boolean {
  const sent = metricFact(view, "NetworkTransmitThroughput");
  const usual = sent === null ? null : usualHigh(sent);
  return sent !== null && usual !== null && sent.latest - usual >= sentShare * moreRead;
}

/**
 * The statement of a dump of MySQL or MariaDB that waits for pages while far more is read than as a rule, and most of
 * what the volume moves is read: a few sessions take all that it gives, so that their share of the load does not show
 * it, and all of it is sent away. Null where it is not so, or what is usual is not known.
 */
export function dumpAtWork(view: View): string | null {
  const [reads, writes] = ["ReadThroughput", "WriteThroughput"].map((id) => metricFact(view, id));
  const usual = reads == null ? null : usualHigh(reads);
  if (reads == null || usual === null || reads.latest < farMore * usual) return null;
  if (reads.latest < mostOfIt * (reads.latest + (writes?.latest ?? 0))) return null;
  if (!isSent(view, reads.latest - usual)) return null;
  const dump = loadShares(view, "statement").find(
    (share) =>
      dumps.test(bare(share)) && share.load >= noticeable && forPages(share) >= mostOfItsOwn * share.load,
  );
  return statementText(dump?.name ?? null);
}
