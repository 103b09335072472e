import type { StatementCounters, StatementEntry, StatementReading } from "./reading.ts";
import { type StatementRank, statementRanks } from "./top-statements-rows.ts";

export interface RankedStatement {
  readonly entry: StatementEntry;
  /** What it did between the two readings. */
  readonly grown: StatementCounters;
  readonly rankedBy: readonly StatementRank[];
}

type Candidate = Omit<RankedStatement, "rankedBy">;

/** How many places each ranking has. */
const places: Readonly<Record<StatementRank, number>> = {
  "time-now": 10,
  "calls-now": 5,
  "total-time": 10,
  "mean-time": 5,
  calls: 5,
  io: 5,
  temp: 5,
  wal: 5,
};

const weights: Readonly<Record<StatementRank, (candidate: Candidate) => number>> = {
  "time-now": ({ grown }) => grown.execSeconds,
  "calls-now": ({ grown }) => grown.calls,
  "total-time": ({ entry }) => entry.execSeconds,
  "mean-time": ({ entry }) => (entry.calls === 0 ? 0 : entry.execSeconds / entry.calls),
  calls: ({ entry }) => entry.calls,
  io: ({ entry }) => entry.blocksRead,
  temp: ({ entry }) => entry.tempBlocks,
  wal: ({ entry }) => entry.walBytes,
};

/** The first of every ranking, then the second of every ranking, and so on; each statement once. */
export function rankStatements(first: StatementReading, second: StatementReading): RankedStatement[] {
  const candidates = candidatesOf(first, second);
  const rankedBy = new Map<Candidate, StatementRank[]>();
  const lists = statementRanks.map((rank) => ({ rank, best: bestBy(candidates, rank) }));
  for (let place = 0; place < 10; place += 1) {
    for (const { rank, best } of lists) {
      const candidate = best[place];
      if (candidate) rankedBy.set(candidate, [...(rankedBy.get(candidate) ?? []), rank]);
    }
  }
  return [...rankedBy].map(([candidate, ranks]) => ({ ...candidate, rankedBy: ranks }));
}

/** Execution time of all statements between the readings. */
export function grownSeconds(first: StatementReading, second: StatementReading): number {
  return candidatesOf(first, second).reduce((sum, { grown }) => sum + grown.execSeconds, 0);
}

function candidatesOf(first: StatementReading, second: StatementReading): Candidate[] {
  const earlier = new Map(first.entries.map((entry) => [entry.key, entry]));
  return second.entries.map((entry) => ({ entry, grown: grownSince(earlier.get(entry.key), entry) }));
}

function bestBy(candidates: readonly Candidate[], rank: StatementRank): Candidate[] {
  const weight = weights[rank];
  return candidates
    .filter((candidate) => weight(candidate) > 0)
    .toSorted((a, b) => weight(b) - weight(a))
    .slice(0, places[rank]);
}

/**
 * An entry that is new, or smaller than before (evicted and back, or reset), began at zero between the readings: all
 * that it has is new.
 */
function grownSince(before: StatementEntry | undefined, after: StatementEntry): StatementCounters {
  const old =
    before && before.calls <= after.calls && before.execSeconds <= after.execSeconds ? before : undefined;
  const grown = (name: keyof StatementCounters): number => Math.max(0, after[name] - (old?.[name] ?? 0));
  return {
    calls: grown("calls"),
    execSeconds: grown("execSeconds"),
    planSeconds: grown("planSeconds"),
    rows: grown("rows"),
    blocksHit: grown("blocksHit"),
    blocksRead: grown("blocksRead"),
    blocksDirtied: grown("blocksDirtied"),
    tempBlocks: grown("tempBlocks"),
    walBytes: grown("walBytes"),
    ioSeconds: grown("ioSeconds"),
  };
}
