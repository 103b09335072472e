import type { SqlRow } from "../../../ports.ts";
import { shownQuery } from "../../../text/normalise-query.ts";
import { defineProbe, type ProbeContext } from "../../define.ts";
import { secondsBetween, workInAll, workNow } from "../../statement-work.ts";
import { pgMonitor, requireSight, sightStatement } from "../sight.ts";
import { grownSeconds, type RankedStatement, rankStatements } from "./rank.ts";
import {
  type StatementReading,
  statementReading,
  statementReadingSql,
  statementStatistics,
} from "./reading.ts";
import { isWaitProfile, type StatementText, statementTexts, statementTextsSql, textKey } from "./texts.ts";
import { postgresTopStatementsRows, type TopStatementRow } from "./top-statements-rows.ts";

type Answers = readonly (readonly SqlRow[])[];

export const postgresTopStatements = defineProbe({
  ...postgresTopStatementsRows,
  spec: ["P8"],
  title: "Which statements take the time, the I/O, the temporary space and the WAL?",
  engines: ["postgres"],
  tier: "performance",
  cost: "Every entry of pg_stat_statements twice without its text, then one pass over the texts; linear in the entries.",
  needs: [pgMonitor, ...statementStatistics],
  maxRows: 30,
  source: "https://www.postgresql.org/docs/current/pgstatstatements.html",
  samples: 2,
  statements: () => [sightStatement, { sql: statementReadingSql }],
  follow: (answers, { settings }) => {
    const { second, ranked } = readingsOf(answers);
    if (ranked.length === 0) return [];
    const params = [settings.policy.optOutComment];
    const send = { sql: statementTextsSql(second.schema, ranked, false), params };
    // One text in bytes of no encoding, and the extension hands out none: ranks and names are worth having alone.
    return [{ sql: statementTextsSql(second.schema, ranked), params, instead: { of: "22021", send } }];
  },
  read: (answers, context): TopStatementRow[] => {
    const { first, second, ranked } = readingsOf(answers);
    const texts = statementTexts(answers[4]);
    const sleeps = (statement: RankedStatement): boolean => isWaitProfile(texts.get(textKey(statement)));
    const [asleep, working] = [ranked.filter(sleeps), ranked.filter((statement) => !sleeps(statement))];
    const sleptSeconds = asleep.reduce((sum, { grown }) => sum + grown.execSeconds, 0);
    const totals = {
      intervalSeconds: secondsBetween(first, second),
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
      ...workNow({ calls: grown.calls, seconds: grown.execSeconds }, seconds, {
        seconds: totals.grownSeconds,
      }),
      rowsPerSecond: grown.rows / seconds,
      blocksReadPerSecond: grown.blocksRead / seconds,
      tempBytesPerSecond: (grown.tempBlocksWritten * blockSize) / seconds,
      tempReadBytesPerSecond: (grown.tempBlocksRead * blockSize) / seconds,
      walBytesPerSecond: grown.walBytes / seconds,
      ...(grown.jitSeconds > 0 ? { jitPercent: (100 * grown.jitSeconds) / grown.execSeconds } : {}),
    },
    sinceReset: { ...sinceReset(entry, totals), firstSeenAt: text?.first_seen ?? null },
  };
}

function sinceReset(entry: RankedStatement["entry"], totals: Totals): TopStatementRow["sinceReset"] {
  return {
    ...workInAll({ ...entry, seconds: entry.execSeconds }, { seconds: totals.execSeconds }),
    stddevSeconds: entry.stddevSeconds,
    planSeconds: entry.planSeconds,
    rows: entry.rows,
    blocksHit: entry.blocksHit,
    blocksRead: entry.blocksRead,
    blocksDirtied: entry.blocksDirtied,
    tempBytes: entry.tempBlocksWritten * totals.blockSize,
    walBytes: entry.walBytes,
    ioSeconds: entry.ioSeconds,
  };
}
