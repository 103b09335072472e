import { AlreadyDecidedError } from "../errors.ts";
import { requestApproval } from "../policy/approval.ts";
import { announce } from "./announce.ts";
import { actionOf, type Deps, isoNow } from "./deps.ts";
import { reduceContext } from "./reduce-context.ts";
import { loadIncident, updateIncident } from "./update-incident.ts";

export interface AskInput {
  readonly incidentId: string;
  readonly actionKey: string;
  readonly taskToken: string;
}

/**
 * Stores the request with the token that releases the waiting machine, then asks in the channel. When the channel
 * is down the request still stands and is asked at the next chance; when nobody answers it expires.
 */
export async function askApproval(
  { incidentId, actionKey, taskToken }: AskInput,
  deps: Pick<Deps, "incidents" | "settings" | "chat" | "clock" | "random" | "log">,
): Promise<{ approvalId: string }> {
  const settings = await deps.settings.read();
  const incident = await loadIncident(deps.incidents, incidentId);
  const action = actionOf(incident, actionKey);
  const id = `${incidentId}-${incident.cycle}-${incident.actions.indexOf(action)}`;
  const known = await deps.incidents.getApproval(id);
  const approval = requestApproval({
    id,
    incident,
    actionKey,
    proposal: action.proposal,
    at: isoNow(deps.clock),
    taskToken,
    policy: settings.policy,
  });
  if (known === null) await deps.incidents.putApproval(approval);
  else await askAgain(id, taskToken, deps);
  await updateIncident(
    deps,
    incidentId,
    () => [{ kind: "approval-requested", at: approval.requestedAt, approval: known ?? approval }],
    reduceContext(settings),
  );
  deps.log.info("approval.requested", { incidentId, approvalId: id });
  await announce(incidentId, deps);
  return { approvalId: id };
}

/**
 * Asked before and died: the machine waits with a new token now. Whoever clicked meanwhile released the old one; their
 * decision is stored, and nobody clicks twice: the machine must not wait for them.
 */
async function askAgain(id: string, taskToken: string, deps: Pick<Deps, "incidents">): Promise<void> {
  for (;;) {
    const known = await deps.incidents.getApproval(id);
    if (known?.status !== "pending") throw new AlreadyDecidedError(`request ${id} is ${known?.status}`);
    if (await deps.incidents.replaceApproval(known, { ...known, taskToken })) return;
  }
}
