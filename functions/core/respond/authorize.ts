import type { Incident, IncidentAction } from "../contract/incident.ts";
import type { Refusal } from "../contract/work-order.ts";
import type { Authorization, AuthorizeInput } from "../contract/workflow.ts";
import { messageOf } from "../errors.ts";
import { decideAction } from "../policy/gate.ts";
import type { KillSwitchState } from "../ports.ts";
import type { Settings } from "../settings.ts";
import { auditRecord as audit } from "./audit-record.ts";
import { type Deps, isoNow } from "./deps.ts";
import { type FollowedUnder, followingOrder } from "./following-order.ts";
import { freshTarget } from "./fresh-target.ts";
import { custodyOf, overStep } from "./in-hand.ts";
import { noteOrder } from "./note-order.ts";
import { isElsewhere, isOpen, orderIdOf, pendingAction } from "./pending-action.ts";
import { reduceContext } from "./reduce-context.ts";
import { approvalFor, askForApproval } from "./requests-for-approval.ts";
import { loadIncident, updateIncident } from "./update-incident.ts";

export type AuthorizeDeps = Pick<Deps, "incidents" | "settings" | "killSwitch" | "clock" | "random" | "log">;

/**
 * The gate, read just before acting: kill switch, policy, limits and approval as they are now. Its order is
 * written to the audit trail before it is handed out. A repeat hands out the same order again; the acting
 * statement names its target, so carrying it out twice acts once.
 */
export async function authorize(
  { incidentId, policy = null, step }: Omit<AuthorizeInput, "schema">,
  deps: AuthorizeDeps,
): Promise<Authorization> {
  const { settings, standing: settingsStanding } = await deps.settings.readWithStanding();
  const incident = await loadIncident(deps.incidents, incidentId);
  const custody = await custodyOf(deps.incidents, incident);
  if (custody === null) return { ...notPermitted(incident, settings), step: overStep };
  const action = pendingAction(incident);
  // A click that came meanwhile has turned the incident to another action: its tags are read first.
  if (action === null || isElsewhere(step, incident.step) || !isOpen(incident, action))
    return notPermitted(incident, settings);

  if (action.status === "running")
    return following(incident, action, { settings, settingsStanding, policy, custody }, deps);

  const at = isoNow(deps.clock);
  const orderId = orderIdOf(incident, action);
  const approval = await approvalFor(incident, action, at, settings, deps);
  if (approval === "not-approved") {
    return notPermitted(await moveOn(incidentId, action, orderId, at, settings, deps), settings);
  }

  const now = deps.clock.now();
  const [ledger, { list: snoozes }] = await Promise.all([
    deps.incidents.ledgerOf(incident.group),
    deps.incidents.snoozes(),
  ]);
  const fresh = freshTarget(policy, action.database ?? incident.target.name, now);
  if (fresh.kind === "unread")
    return withhold(incident, action, { orderId, at, refusal: fresh.refusal }, settings, deps);
  const decision = decideAction({
    proposal: action.proposal,
    actionKey: action.key,
    incident,
    target: fresh.target,
    settings,
    settingsStanding,
    killSwitch: await readKillSwitch(deps),
    approval,
    ledger,
    snoozes,
    now,
    orderId,
  });
  switch (decision.kind) {
    case "permit": {
      const { order } = decision;
      await noteOrder(incident.group, ledger, order, deps);
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
      return notPermitted(await askForApproval(incident, action, fresh.target, settings, deps), settings);
    case "withhold":
      return withhold(incident, action, { orderId, at, refusal: decision.refusal }, settings, deps);
    default:
      return decision satisfies never;
  }
}

interface Withheld {
  readonly orderId: string;
  readonly at: string;
  readonly refusal: Refusal;
}

async function withhold(
  incident: Incident,
  { key }: IncidentAction,
  withheld: Withheld,
  settings: Settings,
  deps: AuthorizeDeps,
): Promise<Authorization> {
  await tellWithheld(incident, withheld, deps);
  const event = { kind: "withheld", actionKey: key, ...withheld } as const;
  return notPermitted(await update(incident.id, event, settings, deps), settings);
}

async function tellWithheld(
  incident: Incident,
  { orderId, at, refusal }: Withheld,
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

/** Permitted before, and looked at whatever is so now; what would still be sent the gate is asked about again. */
async function following(
  incident: Incident,
  action: IncidentAction,
  under: Omit<FollowedUnder, "killSwitch">,
  deps: AuthorizeDeps,
): Promise<Authorization> {
  const { settings } = under;
  const killSwitch = await readKillSwitch(deps);
  const order = await followingOrder(incident, action, { ...under, killSwitch }, deps);
  const at = isoNow(deps.clock);
  return "guard" in order
    ? withhold(incident, action, { orderId: `${action.orderId}-follow`, at, refusal: order }, settings, deps)
    : { ...notPermitted(incident, settings), permitted: true, order };
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
