import * as z from "zod";
import { defineProbe } from "../define.ts";
import { growth, hitPercent, pairs } from "../growth.ts";
import { atSeconds } from "./at-seconds.ts";

const blocks = z.number().nonnegative().nullable();

/** Blocks that tables, and indexes, of the connected database asked for between two readings. */
export const cacheHitRowSchema = z.object({
  kind: z.enum(["tables", "indexes"]),
  relations: z.number().int().nonnegative(),
  intervalSeconds: z.number().nonnegative(),
  blocksHit: blocks,
  blocksRead: blocks,
  /** Null without any block in the interval. */
  hitPercent: z.number().nullable(),
  sinceReset: z.object({
    blocksHit: z.number(),
    blocksRead: z.number(),
    hitPercent: z.number().nullable(),
  }),
});
export type CacheHitRow = z.infer<typeof cacheHitRowSchema>;

const answerSchema = z.object({
  kind: z.enum(["tables", "indexes"]),
  at_seconds: z.number(),
  relations: z.number().int(),
  hit: z.number(),
  read: z.number(),
});

/**
 * The functions behind pg_statio_user_tables and pg_statio_user_indexes: one pass instead of that view's joins of
 * every table with its indexes and TOAST table. Like the views it leaves the system's own relations out.
 */
const sql = `
  select kind, ${atSeconds}, count(*)::int as relations, coalesce(sum(hit), 0)::float8 as hit,
    coalesce(sum(greatest(0, fetched - hit)), 0)::float8 as read
  from (
    select case when relkind = 'i' then 'indexes' else 'tables' end as kind,
      pg_stat_get_blocks_hit(oid) as hit, pg_stat_get_blocks_fetched(oid) as fetched
    from pg_class
    where relkind in ('r', 'm', 't', 'i') and oid >= 16384 and relpersistence <> 't') as relations
  group by kind order by kind desc`;

export const postgresDatabaseRatesCache = defineProbe({
  id: "postgres-database-rates-cache",
  spec: ["P7"],
  title: "Do tables and indexes come from the cache or from storage?",
  engines: ["postgres"],
  tier: "performance",
  cost: "One pass over pg_class, read twice; linear in tables and indexes.",
  needs: [],
  row: cacheHitRowSchema,
  maxRows: 2,
  source:
    "https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-PG-STATIO-ALL-TABLES-VIEW",
  samples: 2,
  statements: () => [{ sql }],
  read: ([first, second]): CacheHitRow[] =>
    pairs(answerSchema, first, second, ({ kind }) => kind).map(({ before, after, seconds }) => {
      const hit = growth(before?.hit, after.hit);
      const read = growth(before?.read, after.read);
      return {
        kind: after.kind,
        relations: after.relations,
        intervalSeconds: seconds,
        blocksHit: hit,
        blocksRead: read,
        hitPercent: hitPercent(hit, read),
        sinceReset: {
          blocksHit: after.hit,
          blocksRead: after.read,
          hitPercent: hitPercent(after.hit, after.read),
        },
      };
    }),
});
