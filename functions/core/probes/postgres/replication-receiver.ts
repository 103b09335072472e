import * as z from "zod";
import { defineProbe } from "../define.ts";
import { postgresReplicationReceiverRows, type ReplicationReceiverRow } from "./replication-receiver-rows.ts";
import { pgMonitor, requireSight, sightStatement } from "./sight.ts";

const answerSchema = z.object({
  status: z.string().nullable(),
  sender_host: z.string().nullable(),
  slot: z.string().nullable(),
  replay_bytes: z.number().nullable(),
  receive_bytes: z.number().nullable(),
  replayed_seconds: z.number().nullable(),
  message_seconds: z.number().nullable(),
  paused: z.boolean(),
  feedback: z.boolean(),
  lock: z.number(),
  snapshot: z.number(),
  buffer_pin: z.number(),
  deadlock: z.number(),
  tablespace: z.number(),
});

/** pg_is_wal_replay_paused raises an error on a primary; the WHERE keeps everything from being evaluated there. */
const sql = `
  select w.status, w.sender_host, w.slot_name::text as slot,
    greatest(0, pg_wal_lsn_diff(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn()))::float8 as replay_bytes,
    greatest(0, pg_wal_lsn_diff(w.latest_end_lsn, pg_last_wal_receive_lsn()))::float8 as receive_bytes,
    extract(epoch from clock_timestamp() - pg_last_xact_replay_timestamp())::float8 as replayed_seconds,
    extract(epoch from clock_timestamp() - w.last_msg_receipt_time)::float8 as message_seconds,
    pg_is_wal_replay_paused() as paused, current_setting('hot_standby_feedback')::bool as feedback,
    c.lock, c.snapshot, c.buffer_pin, c.deadlock, c.tablespace
  from (select where pg_is_in_recovery()) as standby
    left join pg_stat_wal_receiver w on true
    cross join (
      select sum(confl_lock)::float8 as lock, sum(confl_snapshot)::float8 as snapshot,
        sum(confl_bufferpin)::float8 as buffer_pin, sum(confl_deadlock)::float8 as deadlock,
        sum(confl_tablespace)::float8 as tablespace
      from pg_stat_database_conflicts) as c`;

export const postgresReplicationReceiver = defineProbe({
  ...postgresReplicationReceiverRows,
  spec: ["P12"],
  title: "Does this standby receive, and how far behind is its replay?",
  engines: ["postgres"],
  tier: "performance",
  cost: "One row; constant.",
  needs: [pgMonitor],
  maxRows: 1,
  source:
    "https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-PG-STAT-WAL-RECEIVER-VIEW",
  // Aurora's readers share the writer's storage: there is no receiver, and its functions are refused.
  statements: ({ target }) => (target.flavour === "aurora" ? [] : [sightStatement, { sql }]),
  read: ([sight, receivers], { target }): ReplicationReceiverRow[] => {
    if (target.flavour === "aurora") return [];
    requireSight(sight);
    return z
      .array(answerSchema)
      .parse(receivers)
      .map((row) => ({
        status: row.status,
        receiving: row.status === "streaming",
        primaryHost: row.sender_host,
        slot: row.slot,
        replayLagBytes: row.replay_bytes,
        receiveLagBytes: row.receive_bytes,
        lagSeconds: lagSeconds(row),
        lastReplayedTransactionSeconds: positive(row.replayed_seconds),
        lastMessageSeconds: positive(row.message_seconds),
        replayPaused: row.paused,
        hotStandbyFeedback: row.feedback,
        conflictsSinceReset: {
          lock: row.lock,
          snapshot: row.snapshot,
          bufferPin: row.buffer_pin,
          deadlock: row.deadlock,
          tablespace: row.tablespace,
        },
      }));
  },
});

function lagSeconds(row: z.infer<typeof answerSchema>): number | null {
  if (row.replay_bytes !== null && row.replay_bytes > 0) return positive(row.replayed_seconds);
  return row.status === "streaming" ? 0 : null;
}

function positive(value: number | null): number | null {
  return value === null ? null : Math.max(0, value);
}
