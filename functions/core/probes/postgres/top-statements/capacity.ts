import * as z from "zod";
import { defineProbe } from "../../define.ts";
import { growth } from "../../growth.ts";
import { atSeconds } from "../at-seconds.ts";
import { postgresTopStatementsCapacityRows, type StatementCapacityRow } from "./capacity-rows.ts";
import { insideXml, statementStatistics, statementsMissing } from "./reading.ts";

const answerSchema = z.object({
  at_seconds: z.number(),
  max_entries: z.number().int(),
  track: z.string(),
  extension_version: z.string(),
  counts: z.string(),
});
const countsSchema = z.tuple([z.number().int(), z.number().nullable(), z.number().nullable()]);

/** Built on the server because the extension may live in any schema; see reading.ts. */
const sql = `
  select ${atSeconds}, current_setting('pg_stat_statements.max')::int as max_entries,
    current_setting('pg_stat_statements.track') as track, extversion as extension_version,
    query_to_xml(format(
      case when string_to_array(extversion, '.')::int[] >= '{1,9}'
        then 'select pg_catalog.json_build_array((select pg_catalog.count(*) from %1$I.pg_stat_statements(false)), dealloc,
          extract(epoch from pg_catalog.clock_timestamp() - stats_reset)) as x from %1$I.pg_stat_statements_info()'
        else 'select pg_catalog.json_build_array(pg_catalog.count(*), null, null) as x from %1$I.pg_stat_statements(false)' end,
      n.nspname), false, true, '')::text as counts
  from pg_extension e join pg_namespace n on n.oid = e.extnamespace
  where e.extname = 'pg_stat_statements' and current_setting('pg_stat_statements.max', true) is not null`;

export const postgresTopStatementsCapacity = defineProbe({
  ...postgresTopStatementsCapacityRows,
  spec: ["P8"],
  title: "Are the statement statistics complete, or are entries thrown out?",
  engines: ["postgres"],
  tier: "performance",
  cost: "Counts the entries of pg_stat_statements without their text, twice; linear in the entries.",
  needs: statementStatistics,
  maxRows: 1,
  source:
    "https://www.postgresql.org/docs/current/pgstatstatements.html#PGSTATSTATEMENTS-PG-STAT-STATEMENTS-INFO",
  samples: 2,
  statements: () => [{ sql }],
  read: ([first = [], second = []]): StatementCapacityRow[] => {
    if (second.length === 0) throw statementsMissing();
    const [before, after] = [answerSchema.parse(first[0]), answerSchema.parse(second[0])];
    const [, evictedBefore] = countsSchema.parse(insideXml(before.counts));
    const [entries, evictions, statsSeconds] = countsSchema.parse(insideXml(after.counts));
    const grown = growth(evictedBefore, evictions);
    const seconds = after.at_seconds - before.at_seconds;
    return [
      {
        entries,
        maxEntries: after.max_entries,
        percent: (100 * entries) / after.max_entries,
        evictions,
        evictionsPerSecond: grown === null || seconds <= 0 ? null : grown / seconds,
        statsSeconds,
        track: after.track,
        extensionVersion: after.extension_version,
      },
    ];
  },
});
