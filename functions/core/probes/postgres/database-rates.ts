import * as z from "zod";
import { defineProbe } from "../define.ts";
import { growth, hitPercent, type Pair, pairs, perSecond } from "../growth.ts";
import { atSeconds } from "./at-seconds.ts";
import { type DatabaseRatesRow, postgresDatabaseRatesRows } from "./database-rates-rows.ts";

const counter = z.number();
const answerSchema = z.object({
  key: z.string(),
  at_seconds: z.number(),
  database_name: z.string().nullable(),
  connections: z.number().int().nullable(),
  sessions: counter.nullable(),
  commits: counter,
  rollbacks: counter,
  blocks_hit: counter,
  blocks_read: counter,
  temp_files: counter,
  temp_bytes: counter,
  rows_returned: counter,
  rows_fetched: counter,
  rows_changed: counter,
  deadlocks: counter,
  conflicts: counter,
  checksum_failures: counter.nullable(),
  last_failure_seconds: z.number().nullable(),
  stats_seconds: z.number().nullable(),
});
type Answer = z.infer<typeof answerSchema>;

/** How many sessions there were is counted since 14. */
const sqlOf = (major: number): string => `
  select datid::text as key, ${atSeconds}, datname::text as database_name, numbackends as connections,
    ${major >= 14 ? "sessions::float8" : "null::float8"} as sessions,
    xact_commit::float8 as commits, xact_rollback::float8 as rollbacks,
    blks_hit::float8 as blocks_hit, blks_read::float8 as blocks_read,
    temp_files::float8 as temp_files, temp_bytes::float8 as temp_bytes,
    tup_returned::float8 as rows_returned, tup_fetched::float8 as rows_fetched,
    (tup_inserted + tup_updated + tup_deleted)::float8 as rows_changed,
    deadlocks::float8 as deadlocks, conflicts::float8 as conflicts, checksum_failures::float8 as checksum_failures,
    extract(epoch from clock_timestamp() - checksum_last_failure)::float8 as last_failure_seconds,
    extract(epoch from clock_timestamp() - stats_reset)::float8 as stats_seconds
  from pg_stat_database
  order by datname = current_database() desc nulls last, blks_hit + blks_read desc, datid
  limit 500`;

export const postgresDatabaseRates = defineProbe({
  ...postgresDatabaseRatesRows,
  spec: ["P7"],
  title: "What do the databases do each second: cache hits, temporary files, deadlocks, conflicts?",
  engines: ["postgres"],
  tier: "performance",
  cost: "One row for each database, read twice; constant.",
  needs: [],
  maxRows: 20,
  source: "https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-PG-STAT-DATABASE-VIEW",
  samples: 2,
  statements: ({ server }) => [{ sql: sqlOf(server.major) }],
  read: ([first, second]): DatabaseRatesRow[] =>
    pairs(answerSchema, first, second, ({ key }) => key).map(ratesOf),
});

function ratesOf({ before, after, seconds }: Pair<Answer>): DatabaseRatesRow {
  const grown = (name: Counter): number | null => growth(before?.[name], after[name]);
  const each = (name: Counter): number | null => perSecond(before?.[name], after[name], seconds);
  return {
    database: after.database_name,
    connections: after.connections,
    intervalSeconds: seconds,
    sessionsPerSecond: each("sessions"),
    commitsPerSecond: each("commits"),
    rollbacksPerSecond: each("rollbacks"),
    blocksHit: grown("blocks_hit"),
    blocksRead: grown("blocks_read"),
    cacheHitPercent: hitPercent(grown("blocks_hit"), grown("blocks_read")),
    tempFilesPerSecond: each("temp_files"),
    tempBytesPerSecond: each("temp_bytes"),
    rowsReturnedPerSecond: each("rows_returned"),
    rowsFetchedPerSecond: each("rows_fetched"),
    rowsChangedPerSecond: each("rows_changed"),
    deadlocks: grown("deadlocks"),
    conflicts: grown("conflicts"),
    checksumFailures: grown("checksum_failures"),
    sinceReset: {
      statsSeconds: after.stats_seconds,
      cacheHitPercent: hitPercent(after.blocks_hit, after.blocks_read),
      tempFiles: after.temp_files,
      tempBytes: after.temp_bytes,
      deadlocks: after.deadlocks,
      conflicts: after.conflicts,
      checksumFailures: after.checksum_failures,
      lastChecksumFailureSeconds: after.last_failure_seconds,
    },
  };
}

type Counter = Exclude<
  keyof Answer,
  "key" | "at_seconds" | "database_name" | "connections" | "last_failure_seconds" | "stats_seconds"
>;
