import * as z from "zod";
import { defineProbe } from "../define.ts";
import { pairs, perSecond } from "../growth.ts";
import { atSeconds } from "./at-seconds.ts";
import { type LogicalDecodingRow, postgresLogicalDecodingRows } from "./logical-decoding-rows.ts";
import { pgMonitor, requireSight, sightStatement } from "./sight.ts";

const answerSchema = z.object({
  at_seconds: z.number(),
  slot: z.string(),
  plugin: z.string().nullable(),
  database_name: z.string().nullable(),
  pid: z.number().int(),
  application: z.string().nullable(),
  user_name: z.string().nullable(),
  wait_event: z.string().nullable(),
  restart: z.number().nullable(),
  confirmed: z.number().nullable(),
  spilled: z.number().nullable(),
});

/** Aurora may refuse it: then only what moves is known. */
const hereSql = `
  select pg_wal_lsn_diff(case when pg_is_in_recovery() then pg_last_wal_replay_lsn() else pg_current_wal_lsn() end,
    '0/0')::float8 as here`;
const hereSchema = z.object({ here: z.number().nullable() });

/** pg_stat_replication_slots came with 14. */
function sqlOf(major: number): string {
  const counted = major >= 14;
  return `
  select ${atSeconds}, s.slot_name::text as slot, s.plugin::text, s.database::text as database_name,
    s.active_pid as pid, nullif(a.application_name, '') as application, a.usename::text as user_name,
    a.wait_event_type || '/' || a.wait_event as wait_event,
    pg_wal_lsn_diff(s.restart_lsn, '0/0')::float8 as restart,
    pg_wal_lsn_diff(s.confirmed_flush_lsn, '0/0')::float8 as confirmed,
    ${counted ? "c.spill_bytes" : "null"}::float8 as spilled
  from pg_replication_slots s left join pg_stat_activity a on a.pid = s.active_pid
    ${counted ? "left join pg_stat_replication_slots c on c.slot_name = s.slot_name" : ""}
  where s.slot_type = 'logical' and s.active_pid is not null
  order by s.confirmed_flush_lsn nulls last, s.slot_name limit 50`;
}

export const postgresLogicalDecoding = defineProbe({
  ...postgresLogicalDecodingRows,
  spec: ["P12"],
  title: "Do consumers of logical slots get on, and does decoding spill to disk?",
  engines: ["postgres"],
  tier: "performance",
  cost: "One row for each logical slot in use, read twice; constant.",
  needs: [pgMonitor],
  maxRows: 20,
  source:
    "https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-PG-STAT-REPLICATION-SLOTS-VIEW",
  samples: 2,
  statements: ({ server }) => [sightStatement, { sql: sqlOf(server.major) }],
  follow: ([, , , slots = []]) => (slots.length === 0 ? [] : [{ sql: hereSql, mayFail: true }]),
  read: ([sight, first, , second, position]): LogicalDecodingRow[] => {
    requireSight(sight);
    const here = hereSchema.safeParse(position?.[0]).data?.here ?? null;
    const behind = (there: number | null): number | null =>
      here === null || there === null ? null : Math.max(0, here - there);
    return pairs(answerSchema, first, second, ({ slot }) => slot).map(({ before, after, seconds }) => ({
      slot: after.slot,
      plugin: after.plugin,
      database: after.database_name,
      pid: after.pid,
      application: after.application,
      user: after.user_name,
      waitEvent: after.wait_event,
      intervalSeconds: seconds,
      unconfirmedBytes: behind(after.confirmed),
      retainedBytes: behind(after.restart),
      confirmedBytesPerSecond: perSecond(before?.confirmed, after.confirmed, seconds),
      spilledBytesPerSecond: perSecond(before?.spilled, after.spilled, seconds),
      spilledBytes: after.spilled,
    }));
  },
});
