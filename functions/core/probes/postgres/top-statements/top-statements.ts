import * as z from "zod";
import type { SqlRow } from "../../../ports.ts";
import { shownQuery } from "../../../text/normalise-query.ts";
import { defineProbe, type ProbeContext } from "../../define.ts";
import { pgMonitor, requireSight, sightStatement } from "../sight.ts";
import { grownSeconds, type RankedStatement, rankStatements, statementRanks } from "./rank.ts";
import {
  type StatementReading,
  statementReading,
  statementReadingSql,
  statementStatistics,
} from "./reading.ts";
import { isWaitProfile, type StatementText, statementTexts, statementTextsSql, textKey } from "./texts.ts";

const measure = z.number().nonnegative();

/** One normalised statement of one user in one database. Counted when a call ends: what still runs is not in it. */
export const topStatementRowSchema = z.object({
  queryId: z.string(),
  user: z.string().nullable(),
  database: z.string().nullable(),
  /** A statement of this very responder's user. */
  own: z.boolean(),
  /** False: called from inside a function. */
  topLevel: z.boolean(),
  /** Null when the server has lost the text. */
  query: z.string().nullable(),
  rankedBy: z.array(z.enum(statementRanks)),
  /** Between two readings `intervalSeconds` apart. */
  now: z.object({
    intervalSeconds: measure,
    callsPerSecond: measure,
    /** Sessions that were busy with it, on average. */
    averageSessions: measure,
    meanSeconds: measure.nullable(),
    /** Of the time of all statements in the interval. */
    percentOfTime: measure.nullable(),
    rowsPerSecond: measure,
    blocksReadPerSecond: measure,
    tempBytesPerSecond: measure,
    walBytesPerSecond: measure,
  }),
  /** Since statistics were reset, or the entry was evicted and came back: not what happens now. */
  sinceReset: z.object({
    calls: measure,
    totalSeconds: measure,
    meanSeconds: measure,
    maxSeconds: measure,
    stddevSeconds: measure,
    planSeconds: measure,
    percentOfTime: measure,
    rows: measure,
    blocksHit: measure,
    blocksRead: measure,
    blocksDirtied: measure,
    tempBytes: measure,
    walBytes: measure,
    /** Zero with track_io_timing off. */
    ioSeconds: measure,
  }),
});
export type TopStatementRow = z.infer<typeof topStatementRowSchema>;

type Answers = readonly (readonly SqlRow[])[];

export const postgresTopStatements = defineProbe({
  id: "postgres-top-statements",
  spec: ["P8"],
  title: "Which statements take the time, the I/O, the temporary space and the WAL?",
  engines: ["postgres"],
  tier: "performance",
  cost: "Every entry of pg_stat_statements twice without its text, then one pass over the texts; linear in the entries.",
  needs: [pgMonitor, ...statementStatistics],
  row: topStatementRowSchema,
  maxRows: 30,
  source: "https://www.postgresql.org/docs/current/pgstatstatements.html",
  samples: 2,
  statements: () => [sightStatement, { sql: statementReadingSql }],
  follow: (answers, { settings }) => {
    const { second, ranked } = readingsOf(answers);
    if (ranked.length === 0) return [];
    return [{ sql: statementTextsSql(second.schema, ranked), params: [settings.policy.optOutComment] }];
  },
  read: (answers, context): TopStatementRow[] => {
    const { first, second, ranked } = readingsOf(answers);
    const texts = statementTexts(answers[4]);
    const sleeps = (statement: RankedStatement): boolean => isWaitProfile(texts.get(textKey(statement)));
    const [asleep, working] = [ranked.filter(sleeps), ranked.filter((statement) => !sleeps(statement))];
    const sleptSeconds = asleep.reduce((sum, { grown }) => sum + grown.execSeconds, 0);
    const totals = {
      intervalSeconds: Math.max(0.001, second.atSeconds - first.atSeconds),
      grownSeconds: Math.max(0, grownSeconds(first, second) - sleptSeconds),
      execSeconds: second.entries.reduce((sum, { execSeconds }) => sum + execSeconds, 0),
      blockSize: second.blockSize,
    };
    return working.map((statement) => rowOf(statement, totals, texts.get(textKey(statement)), context));
  },
});

function readingsOf([sight, one, , two]: Answers): {
  first: StatementReading;
  second: StatementReading;
  ranked: RankedStatement[];
} {
  requireSight(sight);
  const [first, second] = [statementReading(one), statementReading(two)];
  return { first, second, ranked: rankStatements(first, second) };
}

interface Totals {
  readonly intervalSeconds: number;
  readonly grownSeconds: number;
  readonly execSeconds: number;
  readonly blockSize: number;
}

function rowOf(
  { entry, grown, rankedBy }: RankedStatement,
  totals: Totals,
  text: StatementText | undefined,
  { settings }: ProbeContext,
): TopStatementRow {
  const { intervalSeconds: seconds, blockSize } = totals;
  const { queryText } = settings.probing;
  const { optOutComment } = settings.policy;
  const shown = {
    dialect: "postgres",
    queryText,
    optOutComment,
    optedOut: text?.opted_out ?? false,
  } as const;
  return {
    queryId: entry.queryId,
    user: text?.user_name ?? null,
    database: text?.database_name ?? null,
    own: text?.own ?? false,
    topLevel: entry.topLevel,
    query: text?.query ? shownQuery(text.query, shown) : null,
    rankedBy: [...rankedBy],
    now: {
      intervalSeconds: seconds,
      callsPerSecond: grown.calls / seconds,
      averageSessions: grown.execSeconds / seconds,
      meanSeconds: grown.calls === 0 ? null : grown.execSeconds / grown.calls,
      percentOfTime: totals.grownSeconds === 0 ? null : (100 * grown.execSeconds) / totals.grownSeconds,
      rowsPerSecond: grown.rows / seconds,
      blocksReadPerSecond: grown.blocksRead / seconds,
      tempBytesPerSecond: (grown.tempBlocks * blockSize) / seconds,
      walBytesPerSecond: grown.walBytes / seconds,
    },
    sinceReset: sinceReset(entry, totals),
  };
}

function sinceReset(entry: RankedStatement["entry"], totals: Totals): TopStatementRow["sinceReset"] {
  return {
    calls: entry.calls,
    totalSeconds: entry.execSeconds,
    meanSeconds: entry.calls === 0 ? 0 : entry.execSeconds / entry.calls,
    maxSeconds: entry.maxSeconds,
    stddevSeconds: entry.stddevSeconds,
    planSeconds: entry.planSeconds,
    percentOfTime: totals.execSeconds === 0 ? 0 : (100 * entry.execSeconds) / totals.execSeconds,
    rows: entry.rows,
    blocksHit: entry.blocksHit,
    blocksRead: entry.blocksRead,
    blocksDirtied: entry.blocksDirtied,
    tempBytes: entry.tempBlocks * totals.blockSize,
    walBytes: entry.walBytes,
    ioSeconds: entry.ioSeconds,
  };
}
