import * as z from "zod";
import { defineProbe } from "../define.ts";
import { growth, type Pair, pairs } from "../growth.ts";
import { atSeconds } from "./at-seconds.ts";
import { postgresUndoneChangesRows, type UndoneChangesRow } from "./undone-changes-rows.ts";

/** Those with most changes since the statistics began: who fills a table has done so for long. */
const mostRead = 1000;

const answerSchema = z.object({
  oid: z.string(),
  at_seconds: z.number(),
  database_name: z.string(),
  schema_name: z.string(),
  table_name: z.string(),
  inserted: z.number(),
  changed: z.number(),
  modified: z.number(),
  live: z.number(),
  analyzed: z.number(),
});

/**
 * The server counts each row that is inserted, updated or deleted, and once more what was committed of it, as changed
 * since the last ANALYZE: the difference was rolled back. A session reports both at once.
 * https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-PG-STAT-ALL-TABLES-VIEW
 */
const sql = `
  select c.oid::text as oid, ${atSeconds}, current_database()::text as database_name, n.nspname::text as schema_name,
    c.relname::text as table_name, c.inserted::float8 as inserted, c.changed::float8 as changed,
    pg_stat_get_mod_since_analyze(c.oid)::float8 as modified, pg_stat_get_live_tuples(c.oid)::float8 as live,
    (pg_stat_get_analyze_count(c.oid) + pg_stat_get_autoanalyze_count(c.oid))::float8 as analyzed
  from (
    select oid, relname, relnamespace, pg_stat_get_tuples_inserted(oid) as inserted,
      pg_stat_get_tuples_inserted(oid) + pg_stat_get_tuples_updated(oid) + pg_stat_get_tuples_deleted(oid) as changed
    from pg_class where relkind = 'r' and relpersistence <> 't' and oid >= 16384 offset 0) as c
    join pg_namespace n on n.oid = c.relnamespace
  where c.changed > 0
  order by c.changed desc, c.oid limit ${mostRead}`;

export const postgresUndoneChanges = defineProbe({
  ...postgresUndoneChangesRows,
  spec: ["P7"],
  title: "Of the rows that are written now, which are rolled back?",
  engines: ["postgres"],
  tier: "performance",
  cost: `Two passes over pg_class and the counters of its tables; at most ${mostRead} rows; reads no table.`,
  needs: [],
  maxRows: 20,
  source: "https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-PG-STAT-ALL-TABLES-VIEW",
  samples: 2,
  statements: () => [{ sql }],
  read: ([first, second]): UndoneChangesRow[] =>
    pairs(answerSchema, first, second, ({ oid }) => oid)
      .flatMap(rowOf)
      .toSorted((a, b) => (b.undonePerSecond ?? 0) - (a.undonePerSecond ?? 0)),
});

function rowOf({ before, after, seconds }: Pair<z.infer<typeof answerSchema>>): UndoneChangesRow[] {
  const changes = growth(before?.changed, after.changed) ?? 0;
  const inserts = growth(before?.inserted, after.inserted) ?? 0;
  if (before === undefined || changes === 0 || seconds <= 0) return [];
  const kept = before.analyzed === after.analyzed ? growth(before.modified, after.modified) : null;
  const undone = kept === null ? null : Math.max(0, changes - kept);
  const stayed = Math.max(0, after.live - before.live);
  const { database_name: database, schema_name: schema, table_name: table } = after;
  return [
    {
      ...{ database, schema, table, intervalSeconds: seconds },
      changesPerSecond: changes / seconds,
      insertsPerSecond: inserts / seconds,
      undonePerSecond: undone === null ? null : undone / seconds,
      undoneInsertsPerSecond:
        undone === null ? null : Math.max(0, Math.min(inserts, undone, inserts - stayed)) / seconds,
    },
  ];
}
