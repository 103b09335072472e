import { postgresFailingStatementsRows } from "../probes/postgres/failing-statements-rows.ts";
import { settingsOf } from "./settings-facts.ts";
import type { View } from "./view.ts";

interface Limit {
  readonly name: string;
  /** What the server says where it ends a statement. */
  readonly says: RegExp;
  /** Of more it ends what has hung, and no ordinary work: seconds, of temp_file_limit kB. */
  readonly most?: number;
  readonly isSet: RegExp;
}

const above = /^(?!-).*[1-9]/;

const limits: readonly Limit[] = [
  { name: "statement_timeout", says: /due to statement timeout/, most: 60, isSet: above },
  { name: "lock_timeout", says: /due to lock timeout/, most: 10, isSet: above },
  {
    name: "idle_in_transaction_session_timeout",
    says: /idle-in-transaction timeout/,
    most: 60,
    isSet: above,
  },
  { name: "temp_file_limit", says: /temporary file size exceeds/, most: 10 * 1024 ** 2, isSet: above },
  {
    name: "default_transaction_read_only",
    says: /in a read-only transaction/,
    isSet: /^(?:on|true|yes|1)$/i,
  },
  {
    name: "default_transaction_isolation",
    says: /could not serialize access/,
    isSet: /^(?:serializable|repeatable read)$/i,
  },
];

/**
 * Settings under which statements of the database end with an error by themselves, as they stand for the server, and for
 * those whose statements were caught failing. Which one it is stands in the log alone: of what `logged` says the one that
 * says so; all where no log was read (null). Null: none, or not seen.
 * https://www.postgresql.org/docs/current/runtime-config-client.html
 */
export function limitsSet(view: View, database: string, logged: readonly string[] | null): string | null {
  const settings = settingsOf(view);
  if (settings === null) return null;
  const users = (view.rows(postgresFailingStatementsRows) ?? []).map(({ user }) => user);
  const found = limits
    .filter(({ says }) => logged === null || logged.some((text) => says.test(text)))
    .flatMap(({ name, most = Number.POSITIVE_INFINITY, isSet }) => {
      const own = settings.serverWide(name) ?? "";
      const seconds = settings.seconds(name);
      // Where the log says so, it is whatever it is.
      const bound = logged === null ? most : Number.POSITIVE_INFINITY;
      const stands = isSet.test(own) && !((seconds ?? Number(own)) > bound);
      const others = settings.overrides(name).filter((text) => {
        const [, role = "", of, value = ""] = /^([^@]*)@([^=]*)=(.*)$/s.exec(text) ?? [];
        const isTheirs = (role === "*" || users.includes(role)) && (of === "*" || of === database);
        return isTheirs && isSet.test(value) && !(amountOf(name, value) > bound);
      });
      const shown = seconds === null ? `${own}${name === "temp_file_limit" ? " kB" : ""}` : `${seconds} s`;
      return [...(stands ? [shown] : []), ...others].map((text) => `${name} ${text}`);
    });
  const doubt =
    logged === null ? "set; whether statements fail by it stands in the log" : "statements fail by";
  return found.length === 0 ? null : `${doubt}: ${found.slice(0, 5).join(", ")}`;
}

const units: Readonly<Record<string, number>> = {
  ...{ ms: 0.001, s: 1, min: 60, h: 3600, d: 86_400 },
  ...{ kB: 1, MB: 1024, GB: 1024 ** 2, TB: 1024 ** 3 },
};

/** Seconds or kB; NaN of what is no amount. Without a unit a time is in milliseconds, and a size in kB. */
function amountOf(name: string, value: string): number {
  const plain = name === "temp_file_limit" ? "kB" : "ms";
  const [, number, unit = plain] = /^(\d{1,15})\s*(ms|s|min|h|d|kB|MB|GB|TB)?$/.exec(value.trim()) ?? [];
  return number === undefined ? Number.NaN : Number(number) * (units[unit] ?? Number.NaN);
}
