import { entryGrowth } from "../../growth.ts";
import { heaviest, inTurns } from "../../ranking.ts";
import { type DigestCounters, type DigestEntry, type DigestReading, digestKey } from "./reading.ts";
import { type DigestRank, digestRanks } from "./statement-digests-rows.ts";

export interface RankedDigest {
  readonly entry: DigestEntry;
  /** What it did between the two readings. */
  readonly grown: DigestCounters;
  readonly rankedBy: readonly DigestRank[];
}

type Candidate = Omit<RankedDigest, "rankedBy">;

/** How many places each ranking has. */
const places: Readonly<Record<DigestRank, number>> = {
  "time-now": 10,
  "calls-now": 5,
  "total-time": 10,
  "mean-time": 5,
  "rows-examined-per-sent": 5,
  "no-index": 5,
  "tmp-disk": 5,
  errors: 5,
};

/** Below this many rows looked at in all, a bad ratio costs nothing. */
const minExamined = 10_000;

const weights: Readonly<Record<DigestRank, (candidate: Candidate) => number>> = {
  "time-now": ({ grown }) => grown.seconds,
  "calls-now": ({ grown }) => grown.calls,
  "total-time": ({ entry }) => entry.seconds,
  "mean-time": ({ entry }) => (entry.calls === 0 ? 0 : entry.seconds / entry.calls),
  "rows-examined-per-sent": ({ entry }) =>
    entry.rowsExamined < minExamined ? 0 : (examinedPerRow(entry) ?? 0),
  // Small tables are read without an index rightly: what counts is how much was read.
  "no-index": ({ entry }) => (entry.noIndexUsed === 0 ? 0 : entry.rowsExamined),
  "tmp-disk": ({ entry }) => entry.tmpDiskTables + entry.sortMergePasses,
  errors: ({ entry }) => entry.errors,
};

/** Rows looked at for each one sent or changed; null when nothing was looked at. */
export function examinedPerRow({ rowsExamined, rowsSent, rowsAffected }: DigestCounters): number | null {
  return rowsExamined === 0 ? null : rowsExamined / Math.max(1, rowsSent + rowsAffected);
}

export function rankDigests(first: DigestReading, second: DigestReading): RankedDigest[] {
  const candidates = candidatesOf(first, second);
  return inTurns(digestRanks, (rank) => heaviest(candidates, weights[rank], places[rank])).map(
    ({ thing, rankedBy }) => ({ ...thing, rankedBy }),
  );
}

/** Time of all statements that ended between the readings. */
export function grownSeconds(first: DigestReading, second: DigestReading): number {
  return candidatesOf(first, second).reduce((sum, { grown }) => sum + grown.seconds, 0);
}

function candidatesOf(first: DigestReading, second: DigestReading): Candidate[] {
  return [...second.entries.values()].map((entry) => ({
    entry,
    grown: grownSince(first.entries.get(digestKey(entry)), entry),
  }));
}

function grownSince(before: DigestEntry | undefined, after: DigestEntry): DigestCounters {
  const grown = entryGrowth<keyof DigestCounters>(before, after, ["calls", "seconds"]);
  return {
    calls: grown("calls"),
    seconds: grown("seconds"),
    lockSeconds: grown("lockSeconds"),
    errors: grown("errors"),
    rowsAffected: grown("rowsAffected"),
    rowsSent: grown("rowsSent"),
    rowsExamined: grown("rowsExamined"),
    tmpTables: grown("tmpTables"),
    tmpDiskTables: grown("tmpDiskTables"),
    sortMergePasses: grown("sortMergePasses"),
    fullScans: grown("fullScans"),
    noIndexUsed: grown("noIndexUsed"),
  };
}
