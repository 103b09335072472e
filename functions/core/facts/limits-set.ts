import { postgresFailingStatementsRows } from "../probes/postgres/failing-statements-rows.ts";
import { settingsOf } from "./settings-facts.ts";
import type { View } from "./view.ts";

interface Limit {
  readonly name: string;
  /** Of more it ends what has hung, and no ordinary work: seconds, of temp_file_limit kB. */
  readonly most?: number;
  readonly isSet: RegExp;
}

const above = /^(?!-).*[1-9]/;

const limits: readonly Limit[] = [
  { name: "statement_timeout", most: 60, isSet: above },
  { name: "lock_timeout", most: 10, isSet: above },
  { name: "idle_in_transaction_session_timeout", most: 60, isSet: above },
  { name: "temp_file_limit", most: 10 * 1024 ** 2, isSet: above },
  { name: "default_transaction_read_only", isSet: /^(?:on|true|yes|1)$/i },
  { name: "default_transaction_isolation", isSet: /^(?:serializable|repeatable read)$/i },
];

/**
 * Settings under which statements of the database end with an error by themselves, as they stand for it, for those whose
 * statements were caught failing, or for all: which one it is stands in the log alone. Null: none, or not seen.
 * https://www.postgresql.org/docs/current/runtime-config-client.html
 */
export function limitsSet(view: View, database: string): string | null {
  const settings = settingsOf(view);
  if (settings === null) return null;
  const users = (view.rows(postgresFailingStatementsRows) ?? []).map(({ user }) => user);
  const found = limits.flatMap(({ name, most = Number.POSITIVE_INFINITY, isSet }) => {
    const own = settings.value(name) ?? "";
    const seconds = settings.seconds(name);
    const stands = isSet.test(own) && !((seconds ?? Number(own)) > most);
    const others = settings.overrides(name).filter((text) => {
      const [, role = "", of, value = ""] = /^([^@]*)@([^=]*)=(.*)$/s.exec(text) ?? [];
      return (role === "*" || users.includes(role)) && (of === "*" || of === database) && isSet.test(value);
    });
    return [...(stands ? [seconds === null ? own : `${seconds} s`] : []), ...others].map(
      (text) => `${name} ${text}`,
    );
  });
  return found.length === 0 ? null : `set, and statements fail by it: ${found.slice(0, 5).join(", ")}`;
}
