import * as z from "zod";
import { defineProbe } from "../define.ts";
import {
  addStep,
  gapsBetween,
  missingAfter,
  type PartitionRange,
  parseBound,
  stepOf,
  type TimeSpan,
} from "./partition-bounds.ts";
import { partitionEndRowSchema, partitionSpanSchema, postgresPartitionsRows } from "./partitions-rows.ts";
import { userSchemas } from "./sizes-sql.ts";

/** SPEC H1: partitions are kept made this far ahead, and this long. */
const monthsAhead = 6;
const monthsKept = 12;
const listed = 12;

/** P17: one row for each partitioned table that has partitions by range, list or hash. */
export const postgresPartitionRowSchema = partitionEndRowSchema.extend({
  strategy: z.enum(["range", "list", "hash"]),
  key: z.string(),
  partitions: z.number().int(),
  /** The rest is null or empty unless the table is partitioned by ranges of one date or time. */
  byTime: z.boolean(),
  /** "1 month", "3 months", "7 days", as the newest partitions are. */
  step: z.string().nullable(),
  /** Negative: rows of now already have no partition of their own. */
  aheadDays: z.number().nullable(),
  missingCount: z.number().int(),
  gaps: z.array(partitionSpanSchema),
  /** Partitions that end more than 12 months ago, oldest first, the first 12. */
  pastRetention: z.array(z.string()),
  pastRetentionCount: z.number().int(),
  pastRetentionBytes: z.number(),
  /** Estimated; rows that found no partition of their own and stand in the way of making it. */
  defaultRows: z.number().nullable(),
});
export type PostgresPartitionRow = z.infer<typeof postgresPartitionRowSchema>;

/**
 * A bound is constants only: read without naming its table, it takes no lock. At most 200 tables with 2,000 partitions
 * each.
 */
const sql = `
  with parents as materialized (
    select c.oid, n.nspname, c.relname, p.partstrat, p.partnatts, p.partattrs from pg_partitioned_table p
      join pg_class c on c.oid = p.partrelid join pg_namespace n on n.oid = c.relnamespace
    where ${userSchemas} order by c.oid limit 200)
  select p.nspname as schema, p.relname as table,
    case p.partstrat when 'r' then 'range' when 'l' then 'list' else 'hash' end as strategy,
    coalesce((select string_agg(coalesce(a.attname, '(expression)'), ', ' order by k)
      from generate_series(0, p.partnatts - 1) k
        left join pg_attribute a on a.attrelid = p.oid and a.attnum = p.partattrs[k] and p.partattrs[k] <> 0), '') as key,
    p.partstrat = 'r' and p.partnatts = 1 and coalesce((select a.atttypid in ('date'::regtype, 'timestamp'::regtype,
      'timestamptz'::regtype) from pg_attribute a where a.attrelid = p.oid and a.attnum = p.partattrs[0]), false)
      as by_time,
    extract(epoch from clock_timestamp())::float8 as now,
    (select count(*)::int from pg_inherits i where i.inhparent = p.oid) as partitions,
    coalesce((select json_agg(json_build_object('name', x.relname, 'bound', x.bound, 'rows', x.rows, 'bytes', x.bytes))
      from (select format('%I.%I', cn.nspname, c.relname) as relname,
          coalesce(pg_get_expr(c.relpartbound, 0), '') as bound,
          greatest(c.reltuples, pg_stat_get_live_tuples(c.oid), 0) as rows,
          c.relpages * current_setting('block_size')::float8 as bytes
        from pg_inherits i join pg_class c on c.oid = i.inhrelid join pg_namespace cn on cn.oid = c.relnamespace
        where i.inhparent = p.oid and p.partstrat = 'r'
        order by i.inhrelid desc limit 2000) x), '[]') as children
  from parents p`;

const childSchema = z.object({ name: z.string(), bound: z.string(), rows: z.number(), bytes: z.number() });
const answerSchema = z.object({
  schema: z.string(),
  table: z.string(),
  strategy: z.enum(["range", "list", "hash"]),
  key: z.string(),
  by_time: z.boolean(),
  now: z.number(),
  partitions: z.number(),
  children: z.array(childSchema),
});
type Answer = z.infer<typeof answerSchema>;

export const postgresPartitions = defineProbe({
  ...postgresPartitionsRows,
  spec: ["P17"],
  title: "Which partitions will be missing soon, and which are past their time?",
  engines: ["postgres"],
  // With the statements: INSERTs that fail are asked why.
  tier: "performance",
  cost: "Bounds of at most 2,000 partitions of each of at most 200 tables.",
  needs: [],
  row: postgresPartitionRowSchema,
  maxRows: 100,
  source: "https://www.postgresql.org/docs/current/ddl-partitioning.html",
  statements: () => [{ sql }],
  read: ([rows = []]): PostgresPartitionRow[] =>
    z
      .array(answerSchema)
      .parse(rows)
      .map(partitionsOf)
      .toSorted(
        (a, b) => (a.aheadDays ?? Infinity) - (b.aheadDays ?? Infinity) || b.partitions - a.partitions,
      ),
});

function partitionsOf(answer: Answer): PostgresPartitionRow {
  const bounds = answer.children.map((child) => ({ child, bound: parseBound(child.bound) }));
  const fallback = bounds.find(({ bound }) => bound.kind === "default")?.child ?? null;
  const ranges = bounds.flatMap(({ child, bound }) =>
    bound.kind === "range" ? [{ ...child, ...bound }] : [],
  );
  const { schema, table, strategy, key, partitions } = answer;
  return {
    ...{ schema, table, strategy, key, partitions, byTime: answer.by_time },
    ...inTime(answer.by_time ? ranges : [], answer.now * 1000),
    defaultPartition: fallback?.name ?? null,
    defaultRows: fallback?.rows ?? null,
  };
}

type InTime = Pick<
  PostgresPartitionRow,
  | ("step" | "newestUpTo" | "aheadDays" | "missing" | "missingCount" | "gaps")
  | ("pastRetention" | "pastRetentionCount" | "pastRetentionBytes")
>;

function inTime(ranges: readonly (PartitionRange & { bytes: number })[], now: number): InTime {
  const step = stepOf(ranges);
  const newest = Math.max(...ranges.map(({ toMs }) => toMs ?? Number.POSITIVE_INFINITY));
  const known = Number.isFinite(newest);
  const missing = known && step ? missingAfter(newest, addStep(now, { months: monthsAhead }), step) : [];
  const oldest = addStep(now, { months: -monthsKept });
  const past = ranges
    .filter(({ toMs }) => toMs !== null && toMs <= oldest)
    .toSorted((a, b) => (a.toMs ?? 0) - (b.toMs ?? 0));
  return {
    step: step && stepName(step),
    newestUpTo: known ? new Date(newest).toISOString() : null,
    aheadDays: known ? Math.round((newest - now) / 8_640_000) / 10 : null,
    missing: missing.slice(0, listed).map(spanOf),
    missingCount: missing.length,
    gaps: gapsBetween(ranges).slice(0, listed).map(spanOf),
    pastRetention: past.slice(0, listed).map(({ name }) => name),
    pastRetentionCount: past.length,
    pastRetentionBytes: past.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

function stepName(step: NonNullable<ReturnType<typeof stepOf>>): string {
  const [count, unit] =
    "months" in step ? [step.months, "month"] : [Math.round(step.ms / 36_000) / 2400, "day"];
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}

function spanOf({ fromMs, toMs }: TimeSpan): z.infer<typeof partitionSpanSchema> {
  return { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() };
}
