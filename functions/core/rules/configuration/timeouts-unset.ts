import { type SettingsFacts, settingsOf } from "../../facts/settings-facts.ts";
import { setLimit } from "../../remedies/timeout-remedies.ts";
import { list } from "../../text/wording.ts";
import { defineRule } from "../define.ts";

/** A day is no limit: nobody waits that long. */
const noLimitSeconds = 86_400;

export const timeoutsUnset = defineRule({
  id: "timeouts-unset",
  spec: ["D4", "P15", "P32"],
  category: "configuration",
  title: "Nothing ends statements and transactions that go on for ever",
  needs: ["postgres-settings", "mysql-settings"],
  evaluate: (view) => {
    const settings = settingsOf(view);
    if (settings === null) return [];
    const unset = view.evidence.target.engine === "postgres" ? postgresUnset(settings) : mysqlUnset(settings);
    const [first] = unset;
    if (first === undefined) return [];
    return [
      {
        subject: "",
        severity: "P3",
        confidence: 0.9,
        summary: `No limit is set for ${list(unset.map(({ what }) => what))}: one forgotten transaction can hold locks for ever`,
        evidence: unset.map(({ name, shown }) => ({ source: settings.source, says: `${name} = ${shown}` })),
        explains: [],
        actions: setLimit(view, first),
      },
    ];
  },
});

interface Unset {
  readonly name: string;
  readonly shown: string;
  readonly what: string;
}

/** A limit set for the roles that need one is a limit; whoever did that has thought about it. */
function postgresUnset(settings: SettingsFacts): readonly Unset[] {
  const wanted = [
    { name: "idle_in_transaction_session_timeout", what: "idle transactions" },
    { name: "statement_timeout", what: "statements" },
  ];
  return wanted.flatMap(({ name, what }) => {
    const shown = settings.value(name);
    const limited = settings.overrides(name).some(isLimit);
    // RDS sets a day where PostgreSQL sets none.
    const none = shown === "0" || (settings.seconds(name) ?? 0) >= noLimitSeconds;
    return shown !== null && none && !limited ? [{ name, shown, what }] : [];
  });
}

/** "role@database=value", in milliseconds unless it has a unit. */
function isLimit(override: string): boolean {
  const [, number = "0", unit = "ms"] = /=\s*'?(\d+)\s*(ms|s|min|h|d)?'?$/.exec(override) ?? [];
  const seconds = Number(number) * (unitSeconds[unit] ?? 0);
  return seconds > 0 && seconds < noLimitSeconds;
}

const unitSeconds: Readonly<Record<string, number>> = { ms: 0.001, s: 1, min: 60, h: 3600, d: 86_400 };

/** MySQL has no limit for idle transactions but wait_timeout; MariaDB has one, and counts statements in seconds. */
function mysqlUnset(settings: SettingsFacts): readonly Unset[] {
  const wait = settings.seconds("wait_timeout");
  const idle = settings.seconds("idle_transaction_timeout");
  const lock = settings.seconds("lock_wait_timeout");
  return [
    ...(wait !== null && wait >= 28_800 && (idle === null || idle === 0)
      ? [{ name: "wait_timeout", shown: `${wait} s`, what: "idle transactions" }]
      : []),
    ...(lock !== null && lock >= noLimitSeconds
      ? [{ name: "lock_wait_timeout", shown: `${lock} s`, what: "waits for metadata locks" }]
      : []),
  ];
}
