import type { Incident, IncidentAction } from "../contract/incident.ts";
import type { Refusal, WorkOrder } from "../contract/work-order.ts";
import type { KillSwitchState } from "../ports.ts";
import type { Settings } from "../settings.ts";
import type { Deps } from "./deps.ts";

/**
 * The order by which it was begun, good for another look. Engaged, or not to be read, the kill switch leaves what is
 * left behind to a person.
 */
export async function followingOrder(
  incident: Incident,
  { orderId, outcome }: IncidentAction,
  settings: Settings,
  killSwitch: KillSwitchState | undefined,
  { incidents, clock }: Pick<Deps, "incidents" | "clock">,
): Promise<WorkOrder | Refusal> {
  const trail = await incidents.audit(incident.id);
  const begun = trail.find((record) => record.phase === "ordered" && record.orderId === orderId)?.order;
  const running = outcome?.running;
  if (!begun || running === undefined) {
    return {
      guard: "order-lost",
      reason: "What was begun cannot be found again: its order is not in the audit trail.",
      release: "A person looks whether it still runs, and ends or clears up what it leaves.",
    };
  }
  const expiresAt = new Date(clock.now() + settings.policy.orderSeconds * 1000).toISOString();
  const mayTidy = killSwitch?.engaged === false;
  return { ...begun, expiresAt, follows: { ...running, mayTidy } };
}
