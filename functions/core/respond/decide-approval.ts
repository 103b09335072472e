import type { Approval, Incident } from "../contract/incident.ts";
import { applyDecision } from "../policy/approval.ts";
import type { Settings } from "../settings.ts";
import { type Deps, isoNow } from "./deps.ts";
import { custodyOf } from "./in-hand.ts";
import { reduceContext } from "./reduce-context.ts";
import { updateIncident } from "./update-incident.ts";

export interface Click {
  readonly approvalId: string;
  readonly decision: "approve" | "decline";
  readonly by: string;
}

export type DecideDeps = Pick<Deps, "incidents" | "settings" | "workflow" | "clock" | "random" | "log">;

/** What the person who clicked is told at once; the result of the action follows in the thread. */
export interface ClickAnswer {
  readonly accepted: boolean;
  readonly says: string;
  /** Null when the request is not known. */
  readonly incidentId: string | null;
}

/**
 * One click. Recorded by a conditional write, so that of two clicks in one moment one counts; then the waiting
 * machine is woken. Nothing is done here: the machine passes the gate again and the target is checked again
 * in the acting statement.
 */
export async function decideApproval(click: Click, deps: DecideDeps): Promise<ClickAnswer> {
  const settings = await deps.settings.read();
  for (let attempt = 0; attempt < 4; attempt += 1) {
    const approval = await deps.incidents.getApproval(click.approvalId);
    if (approval === null)
      return { accepted: false, says: "This request is not known any more.", incidentId: null };
    const { incidentId } = approval;
    if ((await custodyOf(deps.incidents, { id: incidentId, group: approval.group })) === null) {
      deps.log.warn("approval.incident-over", { approvalId: approval.id, by: click.by });
      return {
        accepted: false,
        says: "This incident is over: nothing will be done by this click.",
        incidentId,
      };
    }
    if (isOwnRepeat(approval, click)) {
      // The first delivery may have died before it was written down, or before it woke the machine.
      return goOn(approval, `Already ${approval.status} by you.`, settings, deps);
    }
    const decided = applyDecision(
      approval,
      { decision: click.decision, by: click.by, at: isoNow(deps.clock) },
      settings.policy,
    );
    if (decided.kind === "refused") {
      deps.log.warn("approval.refused", { approvalId: approval.id, guard: decided.guard, by: click.by });
      return { accepted: false, says: decided.reason, incidentId };
    }
    if (!(await deps.incidents.replaceApproval(approval, decided.approval))) continue;
    deps.log.info("approval.recorded", { approvalId: approval.id, decision: click.decision, by: click.by });
    if (decided.kind === "needs-second") return agreedInPart(decided.approval, settings, deps);
    return goOn(decided.approval, click.decision === "approve" ? "Approved." : "Declined.", settings, deps);
  }
  return { accepted: false, says: "Others decide on this at the same moment; look again.", incidentId: null };
}

/** The first of two: the machine goes on waiting. */
async function agreedInPart(approval: Approval, settings: Settings, deps: DecideDeps): Promise<ClickAnswer> {
  const late = lateFor(await noteDecision(approval, settings, deps), approval);
  if (late !== null) return takenBack(late, approval, deps);
  const says = "Recorded. A second approver has to agree.";
  return { accepted: true, says, incidentId: approval.incidentId };
}

/** Tells the incident, then the machine: one that waits goes on at once, one that is looking finds it when it has looked. */
async function goOn(
  approval: Approval,
  says: string,
  settings: Settings,
  deps: DecideDeps,
): Promise<ClickAnswer> {
  const { id, incidentId } = approval;
  const incident = await noteDecision(approval, settings, deps);
  const late = lateFor(incident, approval);
  if (late !== null) return takenBack(late, approval, deps);
  const taskToken = await deps.incidents.getRest(incidentId);
  const woken = taskToken === null ? "not-resting" : await deps.workflow.succeed(taskToken, incident.step);
  deps.log.info("approval.machine-woken", { incidentId, approvalId: id, woken });
  return { accepted: true, says, incidentId };
}

function takenBack(
  late: string,
  { id, incidentId }: Approval,
  { log }: Pick<DecideDeps, "log">,
): ClickAnswer {
  log.warn("approval.taken-back", { approvalId: id });
  return { accepted: false, says: `${late} Nothing will be done by this click.`, incidentId };
}

function noteDecision(approval: Approval, settings: Settings, deps: DecideDeps): Promise<Incident> {
  return updateIncident(
    deps,
    approval.incidentId,
    () => [{ kind: "approval-decided", at: isoNow(deps.clock), approval }],
    reduceContext(settings),
  );
}

/** Why the incident takes this decision no more; null: it does. */
function lateFor({ actions }: Incident, { id, status }: Approval): string | null {
  const action = actions.find(({ approvalId }) => approvalId === id);
  if (action === undefined)
    return "This request is not out any more; where another one is, it is decided there.";
  if (status === "declined" || action.status !== "withheld") return null;
  return "This was taken back in this very moment: what it was for is over.";
}

function isOwnRepeat(approval: Approval, click: Click): boolean {
  const wanted = click.decision === "approve" ? "approved" : "declined";
  return approval.status === wanted && approval.decidedBy === click.by;
}
