import type { Approval, Incident, IncidentAction } from "../contract/incident.ts";
import type { Refusal } from "../contract/work-order.ts";
import type { Authorization, AuthorizeInput } from "../contract/workflow.ts";
import { messageOf } from "../errors.ts";
import { expireApproval } from "../policy/approval.ts";
import { decideAction } from "../policy/gate.ts";
import type { KillSwitchState } from "../ports.ts";
import type { Settings } from "../settings.ts";
import { auditRecord as audit } from "./audit-record.ts";
import { type Deps, isoNow } from "./deps.ts";
import { freshTarget } from "./fresh-target.ts";
import { custodyOf, overStep } from "./in-hand.ts";
import { reduceContext } from "./reduce-context.ts";
import { loadIncident, updateIncident } from "./update-incident.ts";

export type AuthorizeDeps = Pick<Deps, "incidents" | "settings" | "killSwitch" | "clock" | "random" | "log">;

/**
 * The gate, read just before acting: kill switch, policy, limits and approval as they are now. Its order is
 * written to the audit trail before it is handed out. A repeat hands out the same order again; the acting
 * statement names its target, so carrying it out twice acts once.
 */
export async function authorize(
  { incidentId, policy = null }: Omit<AuthorizeInput, "schema">,
  deps: AuthorizeDeps,
): Promise<Authorization> {
  const { settings, standing: settingsStanding } = await deps.settings.readWithStanding();
  const incident = await loadIncident(deps.incidents, incidentId);
  if ((await custodyOf(deps.incidents, incident)) === null)
    return { ...notPermitted(incident, settings), step: overStep };
  const action = pendingAction(incident);
  if (action === null) return notPermitted(incident, settings);

  const at = isoNow(deps.clock);
  const orderId = orderIdOf(incident, action);
  const approval = await approvalFor(incident, action, at, settings, deps);
  if (approval === "not-approved") {
    return notPermitted(await moveOn(incidentId, action, orderId, at, settings, deps), settings);
  }

  const now = deps.clock.now();
  const fresh = freshTarget(policy, action.database ?? incident.target.name, now);
  const decision =
    fresh.kind === "unread"
      ? { kind: "withhold" as const, refusal: fresh.refusal }
      : decideAction({
          proposal: action.proposal,
          actionKey: action.key,
          incident,
          target: fresh.target,
          settings,
          settingsStanding,
          killSwitch: await readKillSwitch(deps),
          approval,
          now,
          orderId,
        });
  switch (decision.kind) {
    case "permit": {
      const { order } = decision;
      await deps.incidents.appendAudit(audit(incident, orderId, "ordered", at, { order }));
      const after = await update(incidentId, { kind: "ordered", at, order }, settings, deps);
      deps.log.info("action.ordered", {
        incidentId,
        orderId,
        actionId: order.actionId,
        by: order.permittedBy,
      });
      return { ...notPermitted(after, settings), permitted: true, order };
    }
    case "ask":
      // Policy said auto, and the proposal was not sure enough for it: that no stands in the audit like any other.
      if (decision.because !== undefined)
        await tellWithheld(incident, { orderId, at, refusal: decision.because }, deps);
      return notPermitted(
        await update(incidentId, { kind: "must-ask", at, actionKey: action.key, orderId }, settings, deps),
        settings,
      );
    case "withhold": {
      const { refusal } = decision;
      await tellWithheld(incident, { orderId, at, refusal }, deps);
      return notPermitted(
        await update(
          incidentId,
          { kind: "withheld", at, actionKey: action.key, refusal, orderId },
          settings,
          deps,
        ),
        settings,
      );
    }
    default:
      return decision satisfies never;
  }
}

async function tellWithheld(
  incident: Incident,
  { orderId, at, refusal }: { orderId: string; at: string; refusal: Refusal },
  deps: AuthorizeDeps,
): Promise<void> {
  const { guard, reason } = refusal;
  await deps.incidents.appendAudit(audit(incident, orderId, "withheld", at, { refusal }));
  deps.log.info("action.withheld", { incidentId: incident.id, orderId, guard, reason });
  deps.log.metric("ActionsWithheld", 1, "Count", { code: guard });
}

function notPermitted(incident: Incident, settings: Settings): Authorization {
  return {
    schema: "respond.v1",
    incidentId: incident.id,
    permitted: false,
    order: null,
    step: incident.step,
    settings,
  };
}

function pendingAction(incident: Incident): IncidentAction | null {
  const { step } = incident;
  if (step.kind !== "act" && step.kind !== "ask-approval") return null;
  return incident.actions.find((action) => action.key === step.actionKey) ?? null;
}

/** One order for each assessment that came to the same action: a repeat of this step finds the same one. */
function orderIdOf(incident: Incident, action: IncidentAction): string {
  const index = incident.actions.findIndex((known) => known.key === action.key);
  const asked = action.approvalId === null ? "" : "-asked";
  return `${incident.id}-${incident.cycle}-${index}${asked}`;
}

/** The stored approval, expired if its time is over; "not-approved" ends the matter with the story told. */
async function approvalFor(
  incident: Incident,
  action: IncidentAction,
  at: string,
  settings: Settings,
  deps: AuthorizeDeps,
): Promise<Approval | null | "not-approved"> {
  if (action.approvalId === null) return null;
  const stored = await deps.incidents.getApproval(action.approvalId);
  if (stored === null) return null;
  let approval = stored;
  if (stored.status === "pending") {
    const expired = expireApproval(stored, at);
    const replaced = await deps.incidents.replaceApproval(stored, expired);
    // Somebody clicked in this very moment: their decision stands.
    approval = replaced ? expired : ((await deps.incidents.getApproval(stored.id)) ?? expired);
  }
  if (approval.status === "approved") {
    await update(incident.id, { kind: "approval-decided", at, approval }, settings, deps);
    return approval;
  }
  await update(incident.id, { kind: "approval-decided", at, approval }, settings, deps);
  return "not-approved";
}

/** A "no" that was told before changes no step: without this the machine would come straight back here, for ever. */
async function moveOn(
  incidentId: string,
  action: IncidentAction,
  orderId: string,
  at: string,
  settings: Settings,
  deps: AuthorizeDeps,
): Promise<Incident> {
  const incident = await loadIncident(deps.incidents, incidentId);
  if (pendingAction(incident)?.key !== action.key) return incident;
  const refusal = {
    guard: "not-approved",
    reason: "The request for approval was not granted.",
    release: "A person carries out the statement that is shown.",
  };
  return update(
    incidentId,
    { kind: "withheld", at, actionKey: action.key, refusal, orderId },
    settings,
    deps,
  );
}

async function readKillSwitch(deps: AuthorizeDeps): Promise<KillSwitchState | undefined> {
  try {
    return await deps.killSwitch.read();
  } catch (error) {
    deps.log.error("kill-switch.unreadable", { reason: messageOf(error) });
    return undefined;
  }
}

function update(
  incidentId: string,
  event: Parameters<typeof updateIncident>[2] extends (incident: Incident) => readonly (infer E)[]
    ? E
    : never,
  settings: Settings,
  deps: AuthorizeDeps,
): Promise<Incident> {
  return updateIncident(deps, incidentId, () => [event], reduceContext(settings));
}
