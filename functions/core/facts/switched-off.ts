import { plannerMethods } from "../probes/postgres/settings-rows.ts";
import { settingsOf } from "./settings-facts.ts";
import type { Statement } from "./statements.ts";
import type { View } from "./view.ts";

export interface SwitchedOff {
  readonly says: string;
  readonly instead: string;
}

/** A way to run statements that the planner may not take for this one's role, database or server; null where it has all. */
export function switchedOff(view: View, { user, database = null }: Statement): SwitchedOff | null {
  const settings = settingsOf(view);
  if (settings === null || view.evidence.target.engine !== "postgres") return null;
  for (const name of plannerMethods) {
    const own = settings.overrides(name).find((one) => isOff(one, user, database));
    if (own !== undefined) {
      const [whose = "", where = ""] = own.slice(0, own.indexOf("=")).split("@");
      return tellOff(name, whose === "*" ? `database ${where}` : `role ${whose}`);
    }
    if (settings.serverWide(name) === "off") return tellOff(name, "the whole server");
  }
  return null;
}

/** As "role@database=value"; "*" for all. */
function isOff(override: string, user: string | null, database: string | null): boolean {
  const [, role, of, value = ""] = /^(.*)@(.*?)=(.*)$/.exec(override) ?? [];
  const holds = (role === "*" || role === user) && (of === "*" || of === database);
  return holds && /^(?:off|false|no|0)$/i.test(value);
}

function tellOff(name: string, whom: string): SwitchedOff {
  return {
    says: `${name} is off for ${whom}: the planner takes another way, however much it costs, and a plan made as another role does not show it`,
    instead: `RESET ${name} where it was set (ALTER ROLE, ALTER DATABASE or the parameter group), for sessions that begin after it; for a report that needs it, SET LOCAL`,
  };
}
