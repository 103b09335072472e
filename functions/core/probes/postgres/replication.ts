import * as z from "zod";
import { defineProbe } from "../define.ts";
import { postgresReplicationRows, type ReplicationRow } from "./replication-rows.ts";
import { pgMonitor, requireSight, sightStatement } from "./sight.ts";

const answerSchema = z.object({
  pid: z.number().int(),
  application: z.string().nullable(),
  user_name: z.string().nullable(),
  client: z.string().nullable(),
  slot: z.string().nullable(),
  logical: z.boolean(),
  state: z.string().nullable(),
  sync_state: z.string().nullable(),
  sent: z.number().nullable(),
  flushed: z.number().nullable(),
  replayed: z.number().nullable(),
  write_seconds: z.number().nullable(),
  flush_seconds: z.number().nullable(),
  replay_seconds: z.number().nullable(),
  reply_seconds: z.number().nullable(),
  xmin_age: z.number().int().nullable(),
});

const hereSchema = z.object({ here: z.number().nullable() });

const seconds = (interval: string): string => `extract(epoch from ${interval})::float8`;
const position = (column: string): string => `pg_wal_lsn_diff(r.${column}, '0/0')::float8`;

/** Where this server is. Aurora may refuse it (pghero #229, pg_gather #9): then bytes are not known, and the rest is. */
const hereSql = `
  select pg_wal_lsn_diff(case when pg_is_in_recovery() then pg_last_wal_receive_lsn() else pg_current_wal_lsn() end,
    '0/0')::float8 as here`;

const sql = `
  select r.pid, nullif(r.application_name, '') as application, r.usename::text as user_name, host(r.client_addr) as client,
    s.slot_name::text as slot, coalesce(s.slot_type = 'logical', false) as logical, r.state, r.sync_state,
    ${position("sent_lsn")} as sent, ${position("flush_lsn")} as flushed, ${position("replay_lsn")} as replayed,
    ${seconds("r.write_lag")} as write_seconds, ${seconds("r.flush_lag")} as flush_seconds,
    ${seconds("r.replay_lag")} as replay_seconds, ${seconds("clock_timestamp() - r.reply_time")} as reply_seconds,
    age(r.backend_xmin) as xmin_age
  from pg_stat_replication r left join pg_replication_slots s on s.active_pid = r.pid
  order by r.replay_lsn nulls first, r.pid
  limit 200`;

export const postgresReplication = defineProbe({
  ...postgresReplicationRows,
  spec: ["P12"],
  title: "How far behind are the standbys and subscribers that this server feeds?",
  engines: ["postgres"],
  tier: "performance",
  cost: "One row for each walsender; constant.",
  needs: [pgMonitor],
  maxRows: 50,
  source: "https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-PG-STAT-REPLICATION-VIEW",
  statements: () => [sightStatement, { sql }],
  // Nobody to feed, nothing to ask.
  follow: ([, receivers = []]) => (receivers.length === 0 ? [] : [{ sql: hereSql, mayFail: true }]),
  read: ([sight, receivers, position]): ReplicationRow[] => {
    requireSight(sight);
    const here = hereSchema.safeParse(position?.[0]).data?.here ?? null;
    const behind = (there: number | null): number | null =>
      here === null || there === null ? null : Math.max(0, here - there);
    return z
      .array(answerSchema)
      .parse(receivers)
      .map((row) => ({
        pid: row.pid,
        application: row.application,
        user: row.user_name,
        client: row.client,
        slot: row.slot,
        kind: row.logical ? "logical" : "physical",
        state: row.state,
        syncState: row.sync_state,
        sentLagBytes: behind(row.sent),
        flushLagBytes: behind(row.flushed),
        replayLagBytes: behind(row.replayed),
        writeLagSeconds: positive(row.write_seconds),
        flushLagSeconds: positive(row.flush_seconds),
        replayLagSeconds: positive(row.replay_seconds),
        lastReplySeconds: positive(row.reply_seconds),
        xminAge: row.xmin_age === null ? null : Math.max(0, row.xmin_age),
      }));
  },
});

/** The two clocks involved need not agree. */
function positive(value: number | null): number | null {
  return value === null ? null : Math.max(0, value);
}
