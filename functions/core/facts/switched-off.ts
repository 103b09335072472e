import { plannerMethods } from "../probes/postgres/settings-rows.ts";
import { settingsOf } from "./settings-facts.ts";
import type { Statement } from "./statements.ts";
import type { View } from "./view.ts";

export interface SwitchedOff {
  readonly name: string;
  /** For its role alone: a plan that the responder asks for does not show it. */
  readonly isRoles: boolean;
  readonly says: string;
  readonly instead: string;
}

/** The ways that the planner may not take for this statement's role, database or server. */
export function switchedOff(view: View, { user, database = null }: Statement): readonly SwitchedOff[] {
  const settings = settingsOf(view);
  if (settings === null || view.evidence.target.engine !== "postgres") return [];
  // The first that is set wins. https://www.postgresql.org/docs/current/catalog-pg-db-role-setting.html
  const owners = [`${user}@${database}`, `${user}@*`, `*@${database}`, "*@*"];
  return plannerMethods.flatMap((name) => {
    const overrides = settings.overrides(name);
    const [own] = owners.flatMap((owner) => overrides.find((text) => text.startsWith(`${owner}=`)) ?? []);
    const value = own?.slice(own.lastIndexOf("=") + 1) ?? settings.serverWide(name) ?? "on";
    if (!isOff.test(value)) return [];
    const isRoles = own?.startsWith(`${user}@`) ?? false;
    const whom = isRoles ? `role ${user}` : own === undefined ? "the whole server" : `database ${database}`;
    return {
      name,
      isRoles,
      says: `${name} is off for ${whom}: the planner takes another way, however much it costs${isRoles ? ", which a plan made as another role does not show" : ""}`,
      instead: `RESET ${name} where it was set (ALTER ROLE, ALTER DATABASE or the parameter group), for sessions that begin after it; for a report that needs it, SET LOCAL`,
    };
  });
}

/** https://www.postgresql.org/docs/current/config-setting.html#CONFIG-SETTING-NAMES-VALUES */
const isOff = /^(?:of|off|f|fa|fal|fals|false|n|no|0)$/i;

const steps: Readonly<Record<string, RegExp>> = {
  enable_bitmapscan: /Bitmap (?:Heap|Index) Scan/,
  enable_hashjoin: /Hash (?:\w+ )?Join|Hash of/,
  enable_indexscan: /\bIndex Scan/,
  enable_mergejoin: /Merge (?:\w+ )?Join/,
  enable_nestloop: /Nested Loop/,
};

/** Whether the plan for others goes the very way that is off for it. */
export function missesItsWay(offs: readonly SwitchedOff[], says: readonly string[]): boolean {
  return offs.some(({ name, isRoles }) => isRoles && says.some((line) => steps[name]?.test(line)));
}

export function switchedOffText(offs: readonly SwitchedOff[]): readonly string[] {
  return offs.map(({ says, instead }) => `${says}; what would change it: ${instead}`);
}
