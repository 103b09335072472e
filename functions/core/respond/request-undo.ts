import { actionKeyOf } from "../actions/action-key.ts";
import { awsOffers, databaseOffers } from "../actions/offers.ts";
import type { Custody } from "../contract/custody.ts";
import type { ProposedAction } from "../contract/finding.ts";
import type { Approval, Incident, IncidentAction } from "../contract/incident.ts";
import type { Target } from "../contract/target.ts";
import {
  type UndoState,
  undoApprovalId,
  undoNumber,
  undoState,
  unprovedUndo,
} from "../contract/undo-state.ts";
import type { Undo } from "../contract/work-order.ts";
import { reopenedCustody } from "../incident/custody.ts";
import { undoByHand } from "../messages/undo-by-hand.ts";
import { requestApproval } from "../policy/approval.ts";
import type { Settings } from "../settings.ts";
import { type ClickAnswer, type DecideDeps, decideApproval } from "./decide-approval.ts";
import { isoNow } from "./deps.ts";
import { custodyOf } from "./in-hand.ts";
import { reduceContext } from "./reduce-context.ts";
import { updateIncident } from "./update-incident.ts";

export interface UndoClick {
  readonly incidentId: string;
  readonly orderId: string;
  readonly by: string;
}

const byHand = "Nothing will be done by this click; a person runs what the message shows, or responder undo.";

/**
 * A click on Undo: the statement that its dialog has shown, as an action with a request of its own that whoever clicked
 * agrees to. From there it goes the way of every action: second approver, gate, order, audit, the guards of the act.
 */
export async function requestUndo(click: UndoClick, deps: DecideDeps): Promise<ClickAnswer> {
  const { incidentId, orderId, by } = click;
  const no = (says: string): ClickAnswer => ({ accepted: false, says, incidentId });
  const [settings, incident] = await Promise.all([deps.settings.read(), deps.incidents.get(incidentId)]);
  if (incident === null) return { ...no("This incident is not known any more."), incidentId: null };
  if (!settings.policy.approvers.includes(by))
    return no(`Only an approver can decide this: ${by} is not in policy.approvers.`);
  const isClosed = (await custodyOf(deps.incidents, incident)) === null;
  const stands = stateOf(incident, orderId, isoNow(deps.clock));
  const because = whyNot(incident, orderId, stands, isClosed);
  if (because !== null) return no(because);
  const { id, stored } = await requestOf(incident, orderId, stands, deps);
  const approval = stored ?? (await requestFor(incident, click, id, settings, deps));
  if (typeof approval === "string") return no(approval);
  const again = isClosed ? reopenedCustody(incident, isoNow(deps.clock)) : null;
  if (again !== null && !(await deps.incidents.reopen(again)))
    return no(`Another incident of these databases is open. Press again when that is over. ${byHand}`);
  if (stored === null) await deps.incidents.putApproval(approval);
  const asked = await updateIncident(
    deps,
    incidentId,
    () => [{ kind: "undo-asked", at: approval.requestedAt, approval, undoes: orderId }],
    reduceContext(settings),
  );
  if (asked.status !== "resolved" && asked.actions.some(({ approvalId }) => approvalId === id))
    return agreed(click, { id, asked, again }, deps);
  // It was opened for nothing: its group is for the next incident.
  if (again !== null && asked.status === "resolved") await deps.incidents.releaseIfUnchanged(asked);
  return no(`The same is under way or asked about already, or it is over. ${byHand}`);
}

interface Asked {
  readonly id: string;
  readonly asked: Incident;
  /** Of an incident that was opened again for it. */
  readonly again: Custody | null;
}

async function agreed(
  { incidentId, orderId, by }: UndoClick,
  { id, asked, again }: Asked,
  deps: DecideDeps,
): Promise<ClickAnswer> {
  deps.log.info("undo.asked", { incidentId, orderId, by });
  const answer = await decideApproval({ approvalId: id, decision: "approve", by }, deps);
  // Open by now, whatever was answered; whoever dies before this is followed by the sweep.
  if (again !== null) await startAgain(again, asked, deps);
  else if (answer.accepted) await wakeToAsk(incidentId, deps);
  return answer;
}

/** Known before anything is opened again for it. */
function whyNot(incident: Incident, orderId: string, stands: UndoState, isClosed: boolean): string | null {
  if (isClosed && incident.status !== "resolved") return `This incident is over. ${byHand}`;
  const done = incident.actions.find(({ outcome }) => outcome?.orderId === orderId);
  if (stands === "asked" && done !== undefined && unprovedUndo(incident, orderId) !== null)
    return `Somebody has asked for this already, and whether it was done is not known. Nothing will be done by this click; by hand: ${undoByHand(incident, done)}`;
  if (stands === "offered" || (stands === "asked" && !isClosed)) return null;
  return stands === "asked"
    ? "Somebody has asked for this already; what became of it is in the thread."
    : "There is nothing to take back here any more.";
}

/** As the incident has it; its note may have ended while nobody could write that down. */
function stateOf(incident: Incident, orderId: string, now: string): UndoState {
  const done = incident.actions.find(({ outcome }) => outcome?.orderId === orderId);
  if (done === undefined) return "none";
  const state = undoState(incident, done);
  const isLate = done.wayBack !== undefined && done.wayBack.until <= now;
  return state === "offered" && incident.status === "resolved" && isLate ? "over" : state;
}

/** The one that is asked, or the next; one that was begun by a click that died is gone on with while it is good. */
async function requestOf(
  incident: Incident,
  orderId: string,
  stands: UndoState,
  { incidents, clock }: DecideDeps,
): Promise<{ readonly id: string; readonly stored: Approval | null }> {
  const number = undoNumber(incident, orderId);
  for (let next = stands === "asked" ? number : number + 1; ; next += 1) {
    const id = undoApprovalId(orderId, next);
    const stored = await incidents.getApproval(id);
    const isGood = stored?.status === "pending" && isoNow(clock) < stored.expiresAt;
    if (stands === "asked" || stored === null || isGood) return { id, stored };
  }
}

async function requestFor(
  incident: Incident,
  { orderId }: UndoClick,
  id: string,
  settings: Settings,
  deps: DecideDeps,
): Promise<Approval | string> {
  const done = incident.actions.find(({ outcome }) => outcome?.orderId === orderId);
  const undo = done?.outcome?.undo;
  if (done === undefined || undo === undefined || undoState(incident, done) !== "offered")
    return "There is nothing to take back here any more.";
  // The database in which it was done, as it was then: one that took its name since is another one.
  const trail = await deps.incidents.audit(incident.id);
  const target = trail.find((one) => one.orderId === orderId && one.phase === "ordered")?.order?.target;
  if (target === undefined) return `Where it was done is not in the audit trail. ${byHand}`;
  const proposal = undoProposal(done, undo, target);
  if (proposal === null) return `This version would not send the statement that is shown. ${byHand}`;
  const { policy } = settings;
  const at = isoNow(deps.clock);
  const actionKey = actionKeyOf(proposal);
  return requestApproval({ id, incident: { ...incident, target }, actionKey, proposal, at, policy });
}

function startAgain({ execution }: Custody, { id, target }: Incident, deps: DecideDeps): Promise<unknown> {
  const input = { schema: "respond.v1", incidentId: id, engine: target.engine };
  return deps.workflow.start(execution, input);
}

/** Null: what would be sent is not what was shown. */
export function undoProposal(
  done: IncidentAction,
  { actionId, input, preview }: Undo,
  target: Target,
): ProposedAction | null {
  const offer =
    databaseOffers.find(({ id }) => id === actionId) ?? awsOffers.find(({ id }) => id === actionId);
  const offered = offer?.offer(input, target);
  if (offer === undefined || offered?.kind !== "offered" || offered.preview !== preview) return null;
  return {
    ...{ id: offer.id, spec: [...offer.spec], risk: offer.risk, input: offered.input, preview },
    describes: offered.describes,
    consequence: `Takes back what was done before: ${done.proposal.describes}.`,
    ...{ frees: null, automatic: true },
  };
}

/** Where a second person has to agree, the machine puts the question: whoever takes clicks posts nothing new. */
async function wakeToAsk(incidentId: string, { incidents, workflow }: DecideDeps): Promise<void> {
  const incident = await incidents.get(incidentId);
  const taskToken = incident?.step.kind === "watch" ? await incidents.getRest(incidentId) : null;
  if (taskToken !== null) await workflow.succeed(taskToken, incident?.step);
}
