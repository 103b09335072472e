import type { Incident, Receipt } from "../contract/incident.ts";
import type { Message } from "../contract/message.ts";
import { incidentMessages } from "../messages/incident-messages.ts";
import type { ChatResult } from "../ports.ts";
import type { Settings } from "../settings.ts";
import type { Deps } from "./deps.ts";
import { reduceContext } from "./reduce-context.ts";
import { loadIncident, updateIncident } from "./update-incident.ts";

export type AnnounceDeps = Pick<Deps, "incidents" | "settings" | "chat" | "clock" | "log">;

/** A channel that says "later" is given this much of a step's time; what is left goes out with the next step. */
const patienceMs = 10_000;
const mostFailures = 2;

/**
 * Brings the channel up to date with the incident: one root message edited in place, each thread message once.
 * Never throws for the channel's sake: what could not be delivered stays undelivered in the incident, is tried
 * again at every later step, and the incident goes on.
 */
export async function announce(incidentId: string, deps: AnnounceDeps): Promise<Incident> {
  const [incident, settings] = await Promise.all([
    loadIncident(deps.incidents, incidentId),
    deps.settings.read(),
  ]);
  const { root, thread } = incidentMessages(incident, settings, deps.clock.now(), incident.cause?.path ?? []);
  const deadline = deps.clock.now() + patienceMs;
  const rootReceipt = await deliverRoot(incident, root, settings, deadline, deps);
  if (rootReceipt === null) return incident;
  if (incident.root === null) {
    deps.log.metric("TimeToFirstMessage", deps.clock.now() - Date.parse(incident.openedAt), "Milliseconds");
    // Stored before the thread follows: dying in between must not start a second root message.
    await remember(incident, rootReceipt, {}, settings, deps);
  }
  const receipts = await deliverThread(incident, thread, rootReceipt, deadline, deps);
  return remember(incident, rootReceipt, receipts, settings, deps);
}

async function deliverRoot(
  incident: Incident,
  root: Message,
  settings: Settings,
  deadline: number,
  deps: AnnounceDeps,
): Promise<Receipt | null> {
  const known = incident.root;
  const sent = await patiently(
    () =>
      known === null
        ? deps.chat.post(root, { channel: settings.slack.channel, thread: null })
        : deps.chat.update(root, known),
    deadline,
    deps,
  );
  if (sent.kind === "sent") return known ?? sent.receipt;
  deps.log.warn("message.not-sent", { incidentId: incident.id, key: "root", reason: sent.reason });
  deps.log.metric("MessagesNotSent", 1, "Count");
  return known;
}

async function deliverThread(
  incident: Incident,
  thread: ReturnType<typeof incidentMessages>["thread"],
  root: Receipt,
  deadline: number,
  deps: AnnounceDeps,
): Promise<Record<string, Receipt>> {
  const receipts: Record<string, Receipt> = {};
  let failures = 0;
  for (const { key, message, edits } of thread) {
    if (incident.receipts[key] !== undefined) continue;
    const edited = edits === null ? undefined : (receipts[edits] ?? incident.receipts[edits]);
    const sent = await patiently(
      () =>
        edited === undefined
          ? deps.chat.post(message, { channel: root.channel, thread: root })
          : deps.chat.update(message, edited),
      deadline,
      deps,
    );
    if (sent.kind === "sent") {
      receipts[key] = sent.receipt;
      continue;
    }
    deps.log.warn("message.not-sent", { incidentId: incident.id, key, reason: sent.reason });
    deps.log.metric("MessagesNotSent", 1, "Count");
    // One message that the channel will never take must not hold back the rest; a channel that is down must not
    // cost a time-out for each.
    failures += 1;
    if (sent.retryAfterMs !== null || failures === mostFailures) break;
  }
  return receipts;
}

/** Waits as long as the channel asks, when that still fits the deadline; one more try. */
async function patiently(
  send: () => Promise<ChatResult>,
  deadline: number,
  deps: AnnounceDeps,
): Promise<ChatResult> {
  const first = await send();
  if (first.kind === "sent" || first.retryAfterMs === null) return first;
  if (deps.clock.now() + first.retryAfterMs > deadline) return first;
  await deps.clock.sleep(first.retryAfterMs);
  return send();
}

function remember(
  incident: Incident,
  root: Receipt,
  receipts: Readonly<Record<string, Receipt>>,
  settings: Settings,
  deps: AnnounceDeps,
): Promise<Incident> {
  return updateIncident(
    deps.incidents,
    incident.id,
    (now) => {
      const news = Object.keys(receipts).some((key) => now.receipts[key] === undefined);
      return news || now.root === null ? [{ kind: "delivered", root: now.root ?? root, receipts }] : [];
    },
    reduceContext(settings),
  );
}
