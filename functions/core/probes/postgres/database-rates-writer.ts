import * as z from "zod";
import { defineProbe } from "../define.ts";
import { growth, type Pair, pairs, perSecond } from "../growth.ts";
import { atSeconds } from "./at-seconds.ts";
import { postgresDatabaseRatesWriterRows, type WriterRatesRow } from "./database-rates-writer-rows.ts";

const counter = z.number();
const answerSchema = z.object({
  at_seconds: z.number(),
  timed: counter,
  requested: counter,
  write_seconds: counter,
  sync_seconds: counter,
  checkpoint_buffers: counter,
  background_buffers: counter,
  backend_buffers: counter.nullable(),
  allocated_buffers: counter,
  max_written: counter,
  wal_bytes: counter.nullable(),
  wal_images: counter.nullable(),
  stats_seconds: z.number().nullable(),
  checkpointer_seconds: z.number().nullable(),
});
type Answer = z.infer<typeof answerSchema>;

/** 17 moved checkpoints to pg_stat_checkpointer and dropped buffers_backend, which pg_stat_io (16) has. */
function sqlOf(major: number): string {
  const wal = (name: string): string =>
    major >= 14 ? `(select ${name}::float8 from pg_stat_wal)` : "null::float8";
  const background = `buffers_clean::float8 as background_buffers, maxwritten_clean::float8 as max_written,
    buffers_alloc::float8 as allocated_buffers, ${wal("wal_bytes")} as wal_bytes,
    ${wal("wal_fpi")} as wal_images,
    (select extract(epoch from clock_timestamp() - backend_start)::float8 from pg_stat_activity
      where backend_type = 'checkpointer') as checkpointer_seconds`;
  if (major < 17) {
    return `
  select ${atSeconds}, checkpoints_timed::float8 as timed, checkpoints_req::float8 as requested,
    checkpoint_write_time / 1000 as write_seconds, checkpoint_sync_time / 1000 as sync_seconds,
    buffers_checkpoint::float8 as checkpoint_buffers, buffers_backend::float8 as backend_buffers, ${background},
    extract(epoch from clock_timestamp() - stats_reset)::float8 as stats_seconds
  from pg_stat_bgwriter`;
  }
  return `
  select ${atSeconds}, num_timed::float8 as timed, num_requested::float8 as requested,
    write_time / 1000 as write_seconds, sync_time / 1000 as sync_seconds,
    c.buffers_written::float8 as checkpoint_buffers,
    (select coalesce(sum(writes), 0)::float8 from pg_stat_io
      where object = 'relation' and backend_type not in ('checkpointer', 'background writer')) as backend_buffers,
    ${background},
    extract(epoch from clock_timestamp() - c.stats_reset)::float8 as stats_seconds
  from pg_stat_checkpointer c cross join pg_stat_bgwriter`;
}

export const postgresDatabaseRatesWriter = defineProbe({
  ...postgresDatabaseRatesWriterRows,
  spec: ["P7"],
  title: "Who writes dirty buffers, and do checkpoints come too often?",
  engines: ["postgres"],
  tier: "performance",
  cost: "A few rows of counters, read twice; constant.",
  needs: [],
  maxRows: 1,
  source:
    "https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-PG-STAT-CHECKPOINTER-VIEW",
  samples: 2,
  statements: ({ server }) => [{ sql: sqlOf(server.major) }],
  read: ([first, second]): WriterRatesRow[] =>
    pairs(answerSchema, first, second, () => "server").map(ratesOf),
});

function ratesOf({ before, after, seconds }: Pair<Answer>): WriterRatesRow {
  const each = (name: Exclude<keyof Answer, "at_seconds" | "stats_seconds">): number | null =>
    perSecond(before?.[name], after[name], seconds);
  return {
    intervalSeconds: seconds,
    checkpointBuffersPerSecond: each("checkpoint_buffers"),
    backgroundBuffersPerSecond: each("background_buffers"),
    backendBuffersPerSecond: each("backend_buffers"),
    allocatedBuffersPerSecond: each("allocated_buffers"),
    maxWrittenStopsPerSecond: each("max_written"),
    walBytesPerSecond: each("wal_bytes"),
    walPageImagesPerSecond: each("wal_images"),
    checkpointerSeconds: after.checkpointer_seconds,
    checkpointsTimed: growth(before?.timed, after.timed),
    checkpointsRequested: growth(before?.requested, after.requested),
    sinceReset: {
      statsSeconds: after.stats_seconds,
      checkpointsTimed: after.timed,
      checkpointsRequested: after.requested,
      checkpointWriteSeconds: after.write_seconds,
      checkpointSyncSeconds: after.sync_seconds,
    },
  };
}
