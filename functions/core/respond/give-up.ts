import type { Incident } from "../contract/incident.ts";
import { messageOf } from "../errors.ts";
import { failureKey, type IncidentEvent } from "../incident/events.ts";
import { reduce } from "../incident/reduce.ts";
import { escalationMessage } from "../messages/escalation-message.ts";
import { defaultSettings, type Settings } from "../settings.ts";
import { type AnnounceDeps, announce } from "./announce.ts";
import { isoNow } from "./deps.ts";
import { reduceContext } from "./reduce-context.ts";
import { updateIncident } from "./update-incident.ts";
import { voidRequests } from "./void-requests.ts";

export interface StepFailure {
  readonly incidentId: string;
  readonly error: { readonly Error: string; readonly Cause?: string | undefined };
}

type Failed = Extract<IncidentEvent, { kind: "responder-failed" }>;

/**
 * The group is freed first, so that the next alarm is answered; then the responder's own failure is told like any other
 * fact. None of it leans on another: what cannot be read, saved or told is logged, and a group that could not be freed
 * is told of all the same, once, and freed when this state runs again.
 */
export async function giveUp(
  execution: string,
  { incidentId, error }: StepFailure,
  deps: AnnounceDeps,
  retries = 0,
): Promise<void> {
  const reason = `${error.Error} ${(error.Cause ?? "").slice(0, 300)}`.trim();
  deps.log.error("incident.responder-failed", { incidentId, reason });
  deps.log.metric("ResponderFailures", 1, "Count");
  const at = isoNow(deps.clock);
  const event: Failed = { kind: "responder-failed", at, step: "the workflow", execution, reason };
  const custody = (await deps.incidents.custodies()).find((held) => held.incidentId === incidentId);
  const isFreed = custody === undefined && retries > 0 && (await isUntold(event, incidentId, deps));
  if (!isFreed && custody?.execution !== execution) {
    deps.log.warn("incident.not-in-hand", { incidentId, execution, by: custody?.execution ?? null });
    return;
  }
  const free = custody === undefined ? null : { id: incidentId, group: custody.group };
  const stuck = free === null ? null : await failureOf(() => deps.incidents.release(free));
  const mayRepeat = stuck === null || retries === 0;
  await attempted("told", incidentId, deps, () => tell(incidentId, event, mayRepeat, deps));
  if (stuck !== null) throw stuck.error;
}

/** This execution has freed the group and died before everybody heard of it; whoever came after it tells its own end. */
async function isUntold(event: Failed, incidentId: string, { incidents }: AnnounceDeps): Promise<boolean> {
  const incident = await incidents.get(incidentId);
  if (incident === null || incident.status === "resolved") return false;
  const told = incident.timeline.filter(({ key }) => key.startsWith("responder-failed#"));
  return told.every(({ key }) => key === failureKey(event));
}

async function failureOf(work: () => Promise<void>): Promise<{ readonly error: unknown } | null> {
  try {
    await work();
    return null;
  } catch (error) {
    return { error };
  }
}

/** `mayRepeat` permits the message of which no receipt can be kept. */
async function tell(
  incidentId: string,
  event: Failed,
  mayRepeat: boolean,
  deps: AnnounceDeps,
): Promise<void> {
  const settings = (await attempted("read", incidentId, deps, () => deps.settings.read())) ?? defaultSettings;
  const context = reduceContext(settings);
  const saved = await attempted("saved", incidentId, deps, () =>
    updateIncident(deps, incidentId, () => [event], context),
  );
  if (saved !== null) {
    await voidRequests(saved, deps);
    await announce(incidentId, deps);
    return;
  }
  const stored = await deps.incidents.get(incidentId);
  if (stored === null) return;
  const failed = reduce(stored, event, context);
  await voidRequests(failed, deps);
  if (mayRepeat) await tellUnsaved(failed, settings, deps);
}

/** Receipts cannot be kept for an incident that cannot be saved: one message, in its thread where there is one. */
async function tellUnsaved(
  incident: Incident,
  { slack }: Settings,
  { chat, log }: AnnounceDeps,
): Promise<void> {
  const says = incident.timeline.at(-1)?.says ?? "The responder itself failed";
  const place = { channel: incident.root?.channel ?? slack.channel, thread: incident.root };
  const sent = await chat.post(escalationMessage(incident, says), place);
  if (sent.kind === "not-sent")
    log.error("message.not-sent", { incidentId: incident.id, reason: sent.reason });
}

async function attempted<T>(
  what: "read" | "saved" | "told",
  incidentId: string,
  { log }: AnnounceDeps,
  work: () => Promise<T>,
): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    log.error(`incident.not-${what}`, { incidentId, reason: messageOf(error) });
    return null;
  }
}
