import * as z from "zod";
import { defineProbe } from "../define.ts";
import { growth, type Pair, pairs } from "../growth.ts";
import { atSeconds } from "./at-seconds.ts";
import {
  postgresReplicationReceiverRows,
  type ReplayConflicts,
  type ReplicationReceiverRow,
} from "./replication-receiver-rows.ts";
import { pgMonitor, requireSight, sightStatement } from "./sight.ts";

const answerSchema = z.object({
  at_seconds: z.number(),
  /** Bytes of WAL received and replayed since its beginning. */
  received: z.number().nullable(),
  replayed: z.number().nullable(),
  delayed: z.boolean(),
  delay_ms: z.number().nullable().default(null),
  timeout_ms: z.number().nullable().default(null),
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

type Answer = z.infer<typeof answerSchema>;

const position = (lsn: string): string => `pg_wal_lsn_diff(${lsn}, '0/0')::float8`;

/** pg_is_wal_replay_paused raises an error on a primary; the WHERE keeps everything from being evaluated there. */
const sql = `
  select ${atSeconds}, ${position("pg_last_wal_receive_lsn()")} as received,
    ${position("pg_last_wal_replay_lsn()")} as replayed,
    d.delay_ms <> 0 as delayed, d.delay_ms, d.timeout_ms, w.status, w.sender_host, w.slot_name::text as slot,
    greatest(0, pg_wal_lsn_diff(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn()))::float8 as replay_bytes,
    greatest(0, pg_wal_lsn_diff(w.latest_end_lsn, pg_last_wal_receive_lsn()))::float8 as receive_bytes,
    extract(epoch from clock_timestamp() - pg_last_xact_replay_timestamp())::float8 as replayed_seconds,
    extract(epoch from clock_timestamp() - w.last_msg_receipt_time)::float8 as message_seconds,
    pg_is_wal_replay_paused() as paused, current_setting('hot_standby_feedback')::bool as feedback,
    c.lock, c.snapshot, c.buffer_pin, c.deadlock, c.tablespace
  from (select where pg_is_in_recovery()) as standby
    left join pg_stat_wal_receiver w on true
    cross join (
      select max(setting::float8) filter (where name = 'recovery_min_apply_delay') as delay_ms,
        max(setting::float8) filter (where name = 'wal_receiver_timeout') as timeout_ms
      from pg_settings where name in ('recovery_min_apply_delay', 'wal_receiver_timeout')) as d
    cross join (
      select sum(confl_lock)::float8 as lock, sum(confl_snapshot)::float8 as snapshot,
        sum(confl_bufferpin)::float8 as buffer_pin, sum(confl_deadlock)::float8 as deadlock,
        sum(confl_tablespace)::float8 as tablespace
      from pg_stat_database_conflicts) as c`;

export const postgresReplicationReceiver = defineProbe({
  ...postgresReplicationReceiverRows,
  spec: ["P12"],
  title: "Does this standby receive, and how far behind is its replay?",
  samples: 2,
  engines: ["postgres"],
  tier: "immediate",
  cost: "One row, on a standby read twice; constant.",
  needs: [pgMonitor],
  maxRows: 1,
  source:
    "https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-PG-STAT-WAL-RECEIVER-VIEW",
  // Aurora's readers share the writer's storage: there is no receiver, and its functions are refused.
  statements: ({ target }) => (target.flavour === "aurora" ? [] : [sightStatement, { sql }]),
  // A primary follows nobody.
  isEnough: ([, first = []]) => first.length === 0,
  read: ([sight, first = [], , second]): ReplicationReceiverRow[] => {
    if (first.length === 0) return [];
    requireSight(sight);
    return pairs(answerSchema, first, second, () => "standby").map((pair) => {
      const { after: row, before } = pair;
      return {
        status: row.status,
        receiving: row.status === "streaming",
        primaryHost: row.sender_host,
        slot: row.slot,
        replayLagBytes: row.replay_bytes,
        receiveLagBytes: row.receive_bytes,
        lagSeconds: lagSeconds(pair),
        lastReplayedTransactionSeconds: positive(row.replayed_seconds),
        replayedBytes: growth(before?.replayed, row.replayed),
        lastMessageSeconds: positive(row.message_seconds),
        replayPaused: row.paused,
        applyDelaySeconds: row.delay_ms === null ? null : row.delay_ms / 1000,
        timeoutSeconds: row.timeout_ms === null ? null : row.timeout_ms / 1000,
        hotStandbyFeedback: row.feedback,
        conflictsSinceReset: conflictsOf(row),
        conflictsNow: conflictsBetween(pair),
      };
    });
  },
});

function conflictsOf({ lock, snapshot, buffer_pin, deadlock, tablespace }: Answer): ReplayConflicts {
  return { lock, snapshot, bufferPin: buffer_pin, deadlock, tablespace };
}

function conflictsBetween({ before, after }: Pair<Answer>): ReplayConflicts | null {
  if (before === undefined) return null;
  const [first, second] = [conflictsOf(before), conflictsOf(after)];
  const since = (kind: keyof ReplayConflicts): number => second[kind] - first[kind];
  const now = {
    lock: since("lock"),
    snapshot: since("snapshot"),
    bufferPin: since("bufferPin"),
    deadlock: since("deadlock"),
    tablespace: since("tablespace"),
  };
  return Object.values(now).some((grown) => grown < 0) ? null : now;
}

/**
 * The age of the last commit replayed says little alone: one long transaction, or a primary where only checkpoints are
 * written, makes it grow. What had arrived at the first reading and is replayed at the second was no later than that;
 * else the time until it will be, at the pace of the replay. A replay that is delayed on purpose keeps a pace of its own.
 */
function lagSeconds(pair: Pair<Answer>): number | null {
  const { before, after } = pair;
  const waiting = after.replay_bytes ?? 0;
  const age = positive(after.replayed_seconds);
  if (after.status === null) {
    const moves = (growth(before?.replayed, after.replayed) ?? 0) > 0;
    return moves || waiting > 0 ? age : null;
  }
  if (waiting <= 0) return after.status === "streaming" ? 0 : null;
  const needed = after.delayed ? null : secondsNeeded(pair);
  if (needed === null || age === null) return age ?? needed;
  return Math.min(needed, age);
}

/** Until what had arrived at the first reading is replayed; null where that cannot be told, or replay stands still. */
function secondsNeeded({ before, after, seconds }: Pair<Answer>): number | null {
  const { received = null, replayed = null } = before ?? {};
  if (received === null || replayed === null || after.replayed === null) return null;
  const [moved, left] = [after.replayed - replayed, received - after.replayed];
  if (left <= 0) return seconds;
  return moved <= 0 || seconds <= 0 ? null : seconds + (left * seconds) / moved;
}

function positive(value: number | null): number | null {
  return value === null ? null : Math.max(0, value);
}
