import { entryGrowth } from "../../growth.ts";
import { heaviest, inTurns } from "../../ranking.ts";
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
  temp: ({ entry }) => entry.tempBlocksRead + entry.tempBlocksWritten,
  wal: ({ entry }) => entry.walBytes,
};

export function rankStatements(first: StatementReading, second: StatementReading): RankedStatement[] {
  const candidates = candidatesOf(first, second);
  return inTurns(statementRanks, (rank) => heaviest(candidates, weights[rank], places[rank])).map(
    ({ thing, rankedBy }) => ({ ...thing, rankedBy }),
  );
}

/** Execution time of all statements between the readings. */
export function grownSeconds(first: StatementReading, second: StatementReading): number {
  return candidatesOf(first, second).reduce((sum, { grown }) => sum + grown.execSeconds, 0);
}

function candidatesOf(first: StatementReading, second: StatementReading): Candidate[] {
  const earlier = new Map(first.entries.map((entry) => [entry.key, entry]));
  return second.entries.map((entry) => ({ entry, grown: grownSince(earlier.get(entry.key), entry) }));
}

function grownSince(before: StatementEntry | undefined, after: StatementEntry): StatementCounters {
  const grown = entryGrowth<keyof StatementCounters>(before, after, ["calls", "execSeconds"]);
  return {
    calls: grown("calls"),
    execSeconds: grown("execSeconds"),
    planSeconds: grown("planSeconds"),
    rows: grown("rows"),
    blocksHit: grown("blocksHit"),
    blocksRead: grown("blocksRead"),
    blocksDirtied: grown("blocksDirtied"),
    tempBlocksRead: grown("tempBlocksRead"),
    tempBlocksWritten: grown("tempBlocksWritten"),
    walBytes: grown("walBytes"),
    ioSeconds: grown("ioSeconds"),
    jitSeconds: grown("jitSeconds"),
  };
}
