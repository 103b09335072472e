import { actionKeyOf } from "../actions/action-key.ts";
import type { Incident, IncidentAction } from "../contract/incident.ts";
import { undoState } from "../contract/undo-state.ts";
import { daysAfter, lastWordAt, mostDays, type Tried, type WayBackNote } from "../contract/way-back.ts";
import type { WorkOrder } from "../contract/work-order.ts";
import type { WayBackRef } from "../contract/workflow.ts";
import { ResponderError } from "../errors.ts";
import { guardsOf } from "../policy/guards-of.ts";
import { type AnnounceDeps, announce } from "./announce.ts";
import { isoNow } from "./deps.ts";
import { reduceContext } from "./reduce-context.ts";
import { undoProposal } from "./request-undo.ts";
import { updateIncident } from "./update-incident.ts";

/** What the function that sees RDS is asked to look at; null: nobody can take it back by this any more. */
export interface WayBackQuestion extends WayBackRef {
  readonly asks: boolean;
  readonly tries: WorkOrder | null;
  /** Why nobody is asked; absent: it is known without. */
  readonly tried?: Tried;
}

const unread =
  "This version of the responder cannot read what takes it back; a person makes it smaller by hand.";
const openAgain = "Its incident is open again, and the day was not looked at.";

export async function askWayBack(ref: WayBackRef, deps: AnnounceDeps): Promise<WayBackQuestion> {
  const [incident, settings] = await Promise.all([deps.incidents.get(ref.incidentId), deps.settings.read()]);
  const action = incident === null ? null : offered(incident, ref.orderId);
  const trail = incident === null || action === null ? [] : await deps.incidents.audit(incident.id);
  const order = trail.find((one) => one.orderId === ref.orderId && one.phase === "ordered")?.order;
  const undo = action?.outcome?.undo;
  if (incident === null || action === null || incident.status !== "resolved")
    return { ...ref, asks: false, tries: null };
  const proposal = !undo || !order ? null : undoProposal(action, undo, order.target);
  if (!order || proposal === null)
    return { ...ref, asks: false, tries: null, tried: { kind: "failed", says: unread } };
  const now = deps.clock.now();
  const tries: WorkOrder = {
    ...{ schema: "work-order.v1", orderId: `${ref.orderId}-way-back`, incidentId: incident.id },
    ...{ actionId: proposal.id, actionKey: actionKeyOf(proposal), risk: proposal.risk },
    ...{ input: proposal.input, target: order.target, permittedBy: "auto", approvedBy: null, acts: "aws" },
    issuedAt: new Date(now).toISOString(),
    // A look, and no permission: over when it is handed out.
    expiresAt: new Date(now).toISOString(),
    guards: guardsOf(settings.policy, { unasked: false }),
  };
  return { ...ref, asks: true, tries };
}

function offered(incident: Incident, orderId: string): IncidentAction | null {
  const action = incident.actions.find(({ outcome }) => outcome?.orderId === orderId);
  return action?.wayBack === undefined || undoState(incident, action) !== "offered" ? null : action;
}

interface Looked extends WayBackRef {
  readonly tried?: Tried | null | undefined;
  readonly error?: { readonly Error: string } | null | undefined;
}

/**
 * Says what was seen, in the thread of its incident, then notes when to look again: whoever dies in between is followed by
 * one who finds it said. Throws while it could not be said.
 */
export async function tellWayBack(looked: Looked, deps: AnnounceDeps): Promise<WayBackRef> {
  const { incidentId, orderId, look } = looked;
  const ref: WayBackRef = { schema: "way-back.v1", incidentId, orderId, look };
  const note = (await deps.incidents.wayBacks()).find(
    (one) => one.incidentId === incidentId && one.orderId === orderId,
  );
  if (note === undefined || note.ended || note.looks >= look) return ref;
  const incident = await deps.incidents.get(incidentId);
  const at = isoNow(deps.clock);
  const isOpen = incident !== null && incident.status !== "resolved";
  if (isOpen && at < note.until) {
    // Opened again, perhaps for this very thing: its end is waited for.
    await settle(note, { givesBackAt: daysAfter(at, 1), claimedUntil: null }, deps);
    return ref;
  }
  const isOffered = incident !== null && offered(incident, orderId) !== null;
  // A last word that was written and could not be said is said again.
  if (
    incident === null ||
    !(isOffered || incident.timeline.some((entry) => entry.key === keyOf(orderId, look)))
  ) {
    if (incident === null) deps.log.error("way-back.no-incident", { incidentId, orderId });
    await settle(note, { ended: true, claimedUntil: null }, deps);
    return ref;
  }
  const tried: Tried = isOpen
    ? { kind: "failed", says: openAgain }
    : (looked.tried ?? notLooked(looked.error));
  await say(note, { look, tried, isOffered }, deps);
  return ref;
}

async function say(
  note: WayBackNote,
  { look, tried, isOffered }: { readonly look: number; readonly tried: Tried; readonly isOffered: boolean },
  deps: AnnounceDeps,
): Promise<void> {
  const { incidentId, orderId } = note;
  const at = isoNow(deps.clock);
  const isLast = !isOffered || tried.kind === "back" || look >= mostDays || at >= lastWordAt(note);
  await updateIncident(
    deps,
    incidentId,
    () => [{ kind: "way-back", at, orderId, look, tried, isLast }],
    reduceContext(await deps.settings.read()),
  );
  const told = await announce(incidentId, deps);
  if (told.receipts[keyOf(orderId, look)] === undefined)
    throw new ResponderError(`what was seen of the way back of ${orderId} could not be said`);
  // Once a card is out, the last word is due when its time is over.
  const looks = tried.kind === "go" ? Math.max(look, mostDays - 1) : look;
  const givesBackAt = daysAfter(note.givesBackAt, Math.max(1, looks - note.looks));
  await settle(note, { looks, givesBackAt, ended: isLast, claimedUntil: null }, deps);
  deps.log.info("way-back.told", { incidentId, orderId, look, kind: tried.kind });
}

const keyOf = (orderId: string, look: number): string => `way-back#${orderId}#${look}`;

function notLooked(error: Looked["error"]): Tried {
  return { kind: "failed", says: `It could not be looked at (${error?.Error ?? "no answer"}).` };
}

/** By whoever has it: somebody who came later has said what there was to say. */
async function settle(
  note: WayBackNote,
  change: Partial<WayBackNote>,
  { incidents }: AnnounceDeps,
): Promise<void> {
  await incidents.replaceWayBack(note, { ...note, ...change });
}
