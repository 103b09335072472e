import type { Tier } from "../contract/evidence.ts";
import type { Category } from "../contract/finding.ts";
import type { Incident } from "../contract/incident.ts";

/** Causes that the immediate tier sees whole, so that it also sees them gone. */
const immediateCauses: ReadonlySet<Category> = new Set(["locks", "connections", "availability"]);
const healthCauses: ReadonlySet<Category> = new Set(["indexes", "views", "integrity", "configuration"]);

/**
 * How deep the next look goes. The first one is quick, for the first message. While the cause is not known, and as
 * long as the known cause shows in deeper tiers only, the later ones go deeper: a cause that is not looked for would
 * pass for gone.
 */
export function tiersFor(incident: Incident): readonly Tier[] {
  if (incident.cycle === 0) return ["immediate"];
  const known = incident.cause?.rootCauses ?? [];
  const hurting = known.filter(({ severity }) => severity !== "P3");
  // What hurts nobody is no reason to look deeper every few seconds for as long as something else does.
  const causes = hurting.length === 0 ? known : hurting;
  if (causes.length === 0) return ["immediate", "performance"];
  if (causes.every((finding) => immediateCauses.has(finding.category))) return ["immediate"];
  return causes.some((finding) => healthCauses.has(finding.category))
    ? ["immediate", "performance", "health"]
    : ["immediate", "performance"];
}
