import type { Incident } from "../contract/incident.ts";
import type { Target } from "../contract/target.ts";
import type { Refusal } from "../contract/work-order.ts";
import type { Settings } from "../settings.ts";

/**
 * Snooze or maintenance (SPEC A40). Written under the whole group name or only its last part, as people know it.
 * A time that cannot be read exempts for good: somebody wanted this database left alone.
 */
export function exemptRefusal(
  { group }: Pick<Incident, "group">,
  target: Pick<Target, "name">,
  { exempt }: Pick<Settings, "exempt">,
  now: number,
): Refusal | null {
  const names = [group, group.slice(group.lastIndexOf("/") + 1), target.name];
  const name = names.find((known) => exempt[known] !== undefined && !(now >= Date.parse(exempt[known])));
  if (name === undefined) return null;
  return {
    guard: "exempt",
    reason: `${name} is exempted until ${exempt[name] ?? "an unknown time"}.`,
    release: `Lifts by itself then, or when somebody removes ${JSON.stringify(name)} from the setting \`exempt\`.`,
  };
}
