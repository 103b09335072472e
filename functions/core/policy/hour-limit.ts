import { lastHour } from "../contract/ledger.ts";
import type { Refusal } from "../contract/work-order.ts";
import { plural } from "../text/wording.ts";
import type { GateInput } from "./gate-input.ts";

/** SPEC A40, across incidents and executions: what was handed out counts, whatever became of it. */
export function hourLimitRefusal({ ledger, settings, now, orderId, incident }: GateInput): Refusal | null {
  const { maxActionsPerHour } = settings.policy;
  const earlier = lastHour(ledger, now).filter((order) => order.orderId !== orderId);
  if (earlier.length < maxActionsPerHour) return null;
  const before = new Set(earlier.map(({ incidentId }) => incidentId).filter((id) => id !== incident.id));
  const of = before.size === 0 ? "" : `, in this incident and ${plural(before.size, "earlier one")}`;
  return {
    guard: "actions-per-hour",
    reason: `${plural(earlier.length, "action was", "actions were")} ordered for ${incident.group.slice(incident.group.lastIndexOf("/") + 1)} in the last hour${of}; the limit is ${maxActionsPerHour}. What comes back so often is not cured by doing it again.`,
    release:
      "Lifts by itself an hour after the oldest of them; whoever owns the settings raises policy.maxActionsPerHour, or a person acts.",
  };
}
