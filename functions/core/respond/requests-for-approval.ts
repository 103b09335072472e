import type { Approval, Incident, IncidentAction } from "../contract/incident.ts";
import type { Target } from "../contract/target.ts";
import { expireApproval, requestApproval } from "../policy/approval.ts";
import type { Settings } from "../settings.ts";
import { type Deps, isoNow } from "./deps.ts";
import { reduceContext } from "./reduce-context.ts";
import { updateIncident } from "./update-incident.ts";

type RequestDeps = Pick<Deps, "incidents" | "clock" | "random" | "log">;

/** Stores the request, then turns to watching; Announce puts the question. A repeat finds the request, and who answered it. */
export async function askForApproval(
  incident: Incident,
  { key, proposal }: IncidentAction,
  target: Target,
  settings: Settings,
  deps: RequestDeps,
): Promise<Incident> {
  const index = incident.actions.findIndex((known) => known.key === key);
  const id = `${incident.id}-${incident.cycle}-${index}`;
  const at = isoNow(deps.clock);
  const stored = await deps.incidents.getApproval(id);
  const approval =
    stored ??
    requestApproval({
      id,
      incident: { ...incident, target },
      actionKey: key,
      proposal,
      at,
      policy: settings.policy,
    });
  if (stored === null) await deps.incidents.putApproval(approval);
  deps.log.info("approval.requested", { incidentId: incident.id, approvalId: id });
  return updateIncident(
    deps,
    incident.id,
    () => [
      { kind: "approval-requested", at: approval.requestedAt, approval },
      ...(approval.status === "pending" ? [] : [{ kind: "approval-decided", at, approval } as const]),
    ],
    reduceContext(settings),
  );
}

/** The stored approval, expired if its time is over; "not-approved" ends the matter with the story told. */
export async function approvalFor(
  incident: Incident,
  action: IncidentAction,
  at: string,
  settings: Settings,
  deps: RequestDeps,
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
  await updateIncident(
    deps,
    incident.id,
    () => [{ kind: "approval-decided", at, approval }],
    reduceContext(settings),
  );
  return approval.status === "approved" ? approval : "not-approved";
}
