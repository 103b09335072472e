import * as z from "zod";

/** Server-wide settings that decide when autovacuum comes; a table's storage parameters override them. */
export const autovacuumSettingsSchema = z.object({
  autovacuum: z.boolean(),
  vacuum_threshold: z.number(),
  vacuum_scale_factor: z.number(),
  /** PostgreSQL 18; null before, negative when switched off. */
  vacuum_max_threshold: z.number().nullable(),
  analyze_threshold: z.number(),
  analyze_scale_factor: z.number(),
  block_size: z.number().int(),
});
export type AutovacuumSettings = z.infer<typeof autovacuumSettingsSchema>;

/** https://www.postgresql.org/docs/current/routine-vacuuming.html#AUTOVACUUM */
export const autovacuumSettingsSql = `
  select current_setting('autovacuum')::bool as autovacuum,
    current_setting('autovacuum_vacuum_threshold')::float8 as vacuum_threshold,
    current_setting('autovacuum_vacuum_scale_factor')::float8 as vacuum_scale_factor,
    current_setting('autovacuum_vacuum_max_threshold', true)::float8 as vacuum_max_threshold,
    current_setting('autovacuum_analyze_threshold')::float8 as analyze_threshold,
    current_setting('autovacuum_analyze_scale_factor')::float8 as analyze_scale_factor,
    current_setting('block_size')::int as block_size`;

export interface AutovacuumPlan {
  readonly enabled: boolean;
  /** Autovacuum comes when there are more dead rows than this. */
  readonly vacuumAtDeadRows: number;
  /** Autoanalyze comes when more rows than this were changed. */
  readonly analyzeAtChangedRows: number;
  readonly fillfactor: number;
}

/** @param reloptions "name=value" as pg_class keeps them @param rows pg_class.reltuples */
export function autovacuumPlan(
  settings: AutovacuumSettings,
  reloptions: readonly string[] | null,
  rows: number,
): AutovacuumPlan {
  const options = new Map((reloptions ?? []).map((option) => splitOption(option)));
  const number = (name: string, otherwise: number): number => {
    const value = Number(options.get(name) ?? Number.NaN);
    return Number.isFinite(value) ? value : otherwise;
  };
  const counted = Math.max(0, rows);
  const vacuumAt =
    number("autovacuum_vacuum_threshold", settings.vacuum_threshold) +
    number("autovacuum_vacuum_scale_factor", settings.vacuum_scale_factor) * counted;
  const cap = number("autovacuum_vacuum_max_threshold", settings.vacuum_max_threshold ?? -1);
  return {
    enabled: settings.autovacuum && !isOff(options.get("autovacuum_enabled")),
    vacuumAtDeadRows: cap >= 0 ? Math.min(cap, vacuumAt) : vacuumAt,
    analyzeAtChangedRows:
      number("autovacuum_analyze_threshold", settings.analyze_threshold) +
      number("autovacuum_analyze_scale_factor", settings.analyze_scale_factor) * counted,
    fillfactor: number("fillfactor", 100),
  };
}

function splitOption(option: string): [string, string] {
  const at = option.indexOf("=");
  return [option.slice(0, at).toLowerCase(), option.slice(at + 1)];
}

function isOff(value: string | undefined): boolean {
  return value !== undefined && /^(off|false|no|0)$/i.test(value);
}
