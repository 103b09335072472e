import type { Incident } from "../contract/incident.ts";
import { messageOf } from "../errors.ts";
import type { IncidentEvent } from "../incident/events.ts";
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

/**
 * The responder's own failure is told like any other fact; the group is freed so that the next alarm is answered. None
 * of it leans on another: what cannot be read, saved or told is logged, and the group is freed all the same.
 */
export async function giveUp(
  execution: string,
  { incidentId, error }: StepFailure,
  deps: AnnounceDeps,
): Promise<void> {
  const reason = `${error.Error} ${(error.Cause ?? "").slice(0, 300)}`.trim();
  deps.log.error("incident.responder-failed", { incidentId, reason });
  deps.log.metric("ResponderFailures", 1, "Count");
  const custody = (await deps.incidents.custodies()).find((held) => held.incidentId === incidentId);
  if (custody === undefined || custody.execution !== execution) {
    deps.log.warn("incident.not-in-hand", { incidentId, execution, by: custody?.execution ?? null });
    return;
  }
  const event = { kind: "responder-failed", at: isoNow(deps.clock), step: "the workflow", reason } as const;
  await attempted("told", incidentId, deps, () => tell(incidentId, event, deps));
  await deps.incidents.release({ id: incidentId, group: custody.group });
}

async function tell(
  incidentId: string,
  event: Extract<IncidentEvent, { kind: "responder-failed" }>,
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
  await tellUnsaved(failed, settings, deps);
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
