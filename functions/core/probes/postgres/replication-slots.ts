import * as z from "zod";
import { defineProbe } from "../define.ts";
import { postgresReplicationSlotsRows, type ReplicationSlotRow } from "./replication-slots-rows.ts";

const answerSchema = z.object({
  slot: z.string(),
  kind: z.enum(["physical", "logical"]),
  plugin: z.string().nullable(),
  database_name: z.string().nullable(),
  active: z.boolean(),
  active_pid: z.number().int().nullable(),
  temporary: z.boolean(),
  restart: z.number().nullable(),
  confirmed: z.number().nullable(),
  wal_status: z.string().nullable(),
  safe_wal_bytes: z.number().nullable(),
  keep_limit_bytes: z.number().nullable(),
  inactive_seconds: z.number().nullable(),
  invalidation_reason: z.string().nullable(),
  xmin_age: z.number().int().nullable(),
  catalog_xmin_age: z.number().int().nullable(),
});

/** Aurora may refuse it: then what slots retain is not known, and everything else of them is. */
const hereSql = `
  select pg_wal_lsn_diff(case when pg_is_in_recovery() then pg_last_wal_replay_lsn() else pg_current_wal_lsn() end,
    '0/0')::float8 as here`;
const hereSchema = z.object({ here: z.number().nullable() });

function sqlOf(major: number): string {
  return `
  select slot_name::text as slot, slot_type as kind, plugin::text, database::text as database_name, active, active_pid,
    temporary, pg_wal_lsn_diff(restart_lsn, '0/0')::float8 as restart, pg_wal_lsn_diff(confirmed_flush_lsn, '0/0')::float8 as confirmed,
    wal_status, safe_wal_size::float8 as safe_wal_bytes,
    (select case when setting::float8 >= 0 then setting::float8 * 1048576 end
      from pg_settings where name = 'max_slot_wal_keep_size') as keep_limit_bytes,
    ${major >= 17 ? "extract(epoch from clock_timestamp() - inactive_since)::float8" : "null::float8"} as inactive_seconds,
    ${major >= 17 ? "invalidation_reason" : "null::text as invalidation_reason"},
    greatest(0, age(xmin))::int as xmin_age, greatest(0, age(catalog_xmin))::int as catalog_xmin_age
  from pg_replication_slots
  order by wal_status is not distinct from 'lost' desc, restart_lsn nulls last, slot_name
  limit 200`;
}

export const postgresReplicationSlots = defineProbe({
  ...postgresReplicationSlotsRows,
  spec: ["P12"],
  title: "Which replication slots keep WAL from being removed, and how much?",
  engines: ["postgres"],
  tier: "performance",
  cost: "One row for each slot; constant.",
  needs: [],
  maxRows: 50,
  source: "https://www.postgresql.org/docs/current/view-pg-replication-slots.html",
  statements: ({ server }) => [{ sql: sqlOf(server.major) }],
  follow: ([slots = []]) => (slots.length === 0 ? [] : [{ sql: hereSql, mayFail: true }]),
  read: ([slots, position]): ReplicationSlotRow[] => {
    const here = hereSchema.safeParse(position?.[0]).data?.here ?? null;
    const behind = (there: number | null): number | null =>
      here === null || there === null ? null : Math.max(0, here - there);
    return z
      .array(answerSchema)
      .parse(slots)
      .map((row) => ({
        slot: row.slot,
        kind: row.kind,
        plugin: row.plugin,
        database: row.database_name,
        active: row.active,
        activePid: row.active_pid,
        temporary: row.temporary,
        retainedBytes: behind(row.restart),
        unconfirmedBytes: behind(row.confirmed),
        walStatus: row.wal_status,
        safeWalBytes: row.safe_wal_bytes,
        keepLimitBytes: row.keep_limit_bytes,
        inactiveSeconds: row.inactive_seconds === null ? null : Math.max(0, row.inactive_seconds),
        invalidationReason: row.invalidation_reason,
        xminAge: row.xmin_age,
        catalogXminAge: row.catalog_xmin_age,
      }));
  },
});
