import { mysqlSettingsRows } from "../probes/mysql/settings-rows.ts";
import { postgresSettingsRows } from "../probes/postgres/settings-rows.ts";
import type { View } from "./view.ts";

/** Settings of any engine by name; null when they could not be seen. */
export interface SettingsFacts {
  readonly source: string;
  /** Null: there is no such setting here. */
  value(name: string): string | null;
  /** What the server has, and not a role or a database alone; null where that cannot be told. */
  serverWide(name: string): string | null;
  /** In seconds; null where it is off ("-1"), no time, or not there. */
  seconds(name: string): number | null;
  /** PostgreSQL: ALTER ROLE and ALTER DATABASE … SET, as "role@database=value". */
  overrides(name: string): readonly string[];
}

export function settingsOf(view: View): SettingsFacts | null {
  const postgres = view.rows(postgresSettingsRows);
  if (postgres !== null) {
    const rows = new Map(postgres.map((row) => [row.name, row]));
    return {
      source: postgresSettingsRows.id,
      value: (name) => rows.get(name)?.value ?? null,
      serverWide: (name) => {
        const { source = null, value = null } = rows.get(name) ?? {};
        return source === null || /database|user|client|interactive/.test(source) ? null : value;
      },
      seconds: (name) => rows.get(name)?.seconds ?? null,
      overrides: (name) => rows.get(name)?.overrides ?? [],
    };
  }
  const mysql = view.rows(mysqlSettingsRows);
  if (mysql === null) return null;
  const rows = new Map(mysql.filter(({ state }) => state === "set").map((row) => [row.name, row]));
  return {
    source: mysqlSettingsRows.id,
    value: (name) => rows.get(name)?.value ?? null,
    serverWide: (name) => rows.get(name)?.value ?? null,
    seconds: (name) => rows.get(name)?.seconds ?? null,
    overrides: () => [],
  };
}
