import { postgresFailingStatementsRows } from "../probes/postgres/failing-statements-rows.ts";
import { type SettingsFacts, settingsOf } from "./settings-facts.ts";
import type { View } from "./view.ts";

interface Limit {
  readonly name: string;
  /** Of more it ends what has hung, and no ordinary work: seconds, of temp_file_limit kB. */
  readonly most?: number;
  /** Of one without a measure: under which value, and what it does. */
  readonly is?: RegExp;
  readonly says?: string;
}

const limits: readonly Limit[] = [
  { name: "statement_timeout", most: 60 },
  { name: "lock_timeout", most: 10 },
  { name: "idle_in_transaction_session_timeout", most: 60 },
  { name: "transaction_timeout", most: 60 },
  { name: "temp_file_limit", most: 10 * 1024 ** 2 },
  {
    name: "default_transaction_read_only",
    is: /^(?:on|true|yes|1)$/i,
    says: "writes fail",
  },
  {
    name: "default_transaction_isolation",
    is: /^(?:serializable|repeatable read)$/i,
    says: "transactions that overlap fail, and are to be tried again by whoever sent them; READ COMMITTED needs none of it",
  },
];

/**
 * Settings under which statements of the database end with an error by themselves, as they stand for it, for those whose
 * statements were caught failing, or for all: which one it is stands in the log alone. Null: none, or not seen.
 * https://www.postgresql.org/docs/current/runtime-config-client.html
 */
export function limitsSet(view: View, database: string): string | null {
  const settings = settingsOf(view);
  if (settings === null || view.evidence.target.engine !== "postgres") return null;
  const users = (view.rows(postgresFailingStatementsRows) ?? []).map(({ user }) => user);
  const concerns = (role = "*", of = "*"): boolean =>
    (role === "*" || (users.length === 0 ? role !== "rdsadmin" : users.includes(role))) &&
    (of === "*" || of === database);
  const found = limits.flatMap((limit) => textsOf(settings, limit, concerns)).slice(0, 5);
  return found.length === 0 ? null : `set here, and each ends statements with an error: ${found.join(", ")}`;
}

function textsOf(
  settings: SettingsFacts,
  { name, most = 0, is, says }: Limit,
  concerns: (role?: string, database?: string) => boolean,
): readonly string[] {
  const tail = says === undefined ? "" : ` (${says})`;
  const isSet = (value: string): boolean => (is === undefined ? /^(?!-).*[1-9]/.test(value) : is.test(value));
  const own = settings.value(name) ?? "";
  const size = settings.seconds(name) ?? Number(own);
  const inBase = settings.seconds(name) === null ? `${own}${is === undefined ? " kB" : ""}` : `${size} s`;
  const others = settings.overrides(name).filter((text) => {
    const [, role, database, value = ""] = /^([^@]*)@([^=]*)=(.*)$/s.exec(text) ?? [];
    return concerns(role, database) && isSet(value);
  });
  const stands = isSet(own) && (is !== undefined || (size > 0 && size <= most));
  return [...(stands ? [inBase] : []), ...others].map((text) => `${name} ${text}${tail}`);
}
