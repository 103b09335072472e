import * as z from "zod";
import { defineRows } from "../define-rows.ts";

/** P15: one row for each setting, by name. */
export const postgresSettingRowSchema = z.object({
  name: z.string(),
  /** What a new session of the probe user starts with, in the setting's own unit. */
  value: z.string().nullable(),
  unit: z.string().nullable(),
  /** The value in bytes or seconds, where its unit is one of memory or time; null as well for "-1": off or no limit. */
  bytes: z.number().nullable(),
  seconds: z.number().nullable(),
  /** `default`, `configuration file`, `database` …; null where this session's own SET hides it. */
  source: z.string().nullable(),
  /** `postmaster`: takes a restart. */
  context: z.string().nullable(),
  bootValue: z.string().nullable(),
  pendingRestart: z.boolean(),
  /** ALTER ROLE and ALTER DATABASE … SET, as "role@database=value"; "*" for all. */
  overrides: z.array(z.string()),
});
export type PostgresSettingRow = z.infer<typeof postgresSettingRowSchema>;

/** Ways to run a statement that the planner may be told to avoid. https://www.postgresql.org/docs/current/runtime-config-query.html#RUNTIME-CONFIG-QUERY-ENABLE */
export const plannerMethods = [
  ...["enable_bitmapscan", "enable_hashjoin", "enable_indexscan", "enable_mergejoin", "enable_nestloop"],
] as const;

export const postgresSettingsRows = defineRows({ id: "postgres-settings", row: postgresSettingRowSchema });
