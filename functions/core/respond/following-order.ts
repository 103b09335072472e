import type { Custody } from "../contract/custody.ts";
import type { Incident, IncidentAction } from "../contract/incident.ts";
import type { SettingsStanding } from "../contract/settings-standing.ts";
import type { Refusal, WorkOrder } from "../contract/work-order.ts";
import type { Located } from "../contract/workflow.ts";
import { heldSince } from "../policy/still-permits.ts";
import type { KillSwitchState } from "../ports.ts";
import type { Settings } from "../settings.ts";
import type { Deps } from "./deps.ts";
import { freshTarget } from "./fresh-target.ts";
import { lookLost } from "./look-lost.ts";

export interface FollowedUnder {
  readonly settings: Settings;
  readonly settingsStanding: SettingsStanding;
  /** The database as it is just now, with its tags. */
  readonly policy: Located | null;
  readonly killSwitch: KillSwitchState | undefined;
  readonly custody: Custody;
}

/**
 * The order by which it was begun, good for another look. Where the gate would say no by now, the next call of it is not
 * sent, and what it leaves behind is left to a person.
 */
export async function followingOrder(
  incident: Incident,
  action: IncidentAction,
  under: FollowedUnder,
  { incidents, clock }: Pick<Deps, "incidents" | "clock">,
): Promise<WorkOrder | Refusal> {
  const { orderId, outcome, database } = action;
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
  const { settings, policy } = under;
  const now = clock.now();
  const fresh = freshTarget(policy, database ?? incident.target.name, now);
  const { list: snoozes } = await incidents.snoozes();
  const held =
    fresh.kind === "unread"
      ? fresh.refusal
      : heldSince(begun, { ...under, incident, target: fresh.target, snoozes, now });
  const expiresAt = new Date(now + settings.policy.orderSeconds * 1000).toISOString();
  const may =
    held === null
      ? { mayTidy: true }
      : { mayTidy: false, held: `${held.guard}: ${held.reason}`, release: held.release };
  const known = mayBeUnrecorded(action, under.custody) ? lookLost({ ...running, mayTidy: true }) : running;
  return { ...begun, expiresAt, follows: { ...known, ...may } };
}

/** An execution that died may have looked, and sent what was left, after the look that is recorded. */
function mayBeUnrecorded({ updatedAt }: IncidentAction, { takenUp, since }: Custody): boolean {
  return takenUp === true && Date.parse(updatedAt) < Date.parse(since);
}
