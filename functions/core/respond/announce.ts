import type { Incident } from "../contract/incident.ts";
import type { Message } from "../contract/message.ts";
import { incidentMessages, type ThreadMessage } from "../messages/incident-messages.ts";
import type { Settings } from "../settings.ts";
import { deliver, type Patience } from "./deliver.ts";
import type { Deps } from "./deps.ts";
import { reduceContext } from "./reduce-context.ts";
import { loadIncident, updateIncident } from "./update-incident.ts";

export type AnnounceDeps = Pick<Deps, "incidents" | "settings" | "chat" | "clock" | "random" | "log">;

export interface AnnounceOptions {
  /** After so long nothing more is begun; what is left goes out with the next step. */
  readonly budgetMs?: number;
  /** Ends what is under way. */
  readonly signal?: AbortSignal;
  /**
   * Beside the machine: changes what stands in the channel and posts nothing new. An edit made twice does no harm; of
   * two who post at once, each would post.
   */
  readonly editsOnly?: boolean;
}

/** The function may run 50 s; the last call that is begun takes at most 13 s (see slack-chat.ts). */
const defaultBudgetMs = 25_000;
const mostFailures = 2;
/** How often one announcement follows an incident that changes under it. */
const mostRootEdits = 2;

interface Turn extends Patience {
  readonly settings: Settings;
  /** One moment for all texts of this turn: two of them differ only when the incident does. */
  readonly now: number;
  readonly deps: AnnounceDeps;
  readonly editsOnly: boolean;
}

/**
 * Brings the channel up to date with the incident as it is saved: one root message edited in place, each thread message
 * once. A receipt is stored as it comes, so that dying in between repeats at most the message that was under way; each
 * text is made from the incident read last. Never throws for the channel's sake: what could not be delivered stays
 * undelivered in the incident, is tried again at every later step, and the incident goes on.
 */
export async function announce(
  incidentId: string,
  deps: AnnounceDeps,
  { budgetMs = defaultBudgetMs, signal, editsOnly = false }: AnnounceOptions = {},
): Promise<Incident> {
  const [incident, settings] = await Promise.all([
    loadIncident(deps.incidents, incidentId),
    deps.settings.read(),
  ]);
  const now = deps.clock.now();
  const turn: Turn = { settings, now, deps, editsOnly, until: now + budgetMs, signal };
  const first = await tellRoot(incident, turn);
  if (first.incident.root === null) return first.incident;
  const after = await tellThread(first.incident, turn);
  return first.told === null ? after : rootAgain(after, first.told, turn);
}

interface RootTold {
  readonly incident: Incident;
  /** What the root message says now; null when it could not be changed. */
  readonly told: Message | null;
}

async function tellRoot(incident: Incident, turn: Turn): Promise<RootTold> {
  const { deps, settings } = turn;
  const { root: message } = messagesOf(incident, turn);
  const { root } = incident;
  if (root !== null) {
    const edited = await deliver((signal) => deps.chat.update(message, root, signal), turn, deps);
    if (edited.kind === "sent") return { incident, told: message };
    notTold(incident, "root", edited.reason, deps);
    return { incident, told: null };
  }
  if (turn.editsOnly) return { incident, told: null };
  const place = { channel: settings.slack.channel, thread: null };
  const posted = await deliver((signal) => deps.chat.post(message, place, signal), turn, deps);
  if (posted.kind === "not-sent") {
    notTold(incident, "root", posted.reason, deps);
    return { incident, told: null };
  }
  deps.log.metric("TimeToFirstMessage", deps.clock.now() - Date.parse(incident.openedAt), "Milliseconds");
  const kept = await updateIncident(
    deps,
    incident.id,
    (now) => (now.root === null ? [{ kind: "delivered", root: posted.receipt, receipts: {} }] : []),
    reduceContext(settings),
  );
  return { incident: kept, told: message };
}

async function tellThread(from: Incident, turn: Turn): Promise<Incident> {
  let incident = from;
  const failed = new Set<string>();
  let overtaken: ThreadMessage | null = null;
  for (;;) {
    const next: ThreadMessage | null = overtaken ?? nextUntold(incident, failed, turn);
    if (next === null) return incident;
    const sent = await send(incident, next, turn);
    if (sent.kind === "sent") {
      incident = await keep(incident, next.key, sent.receipt, turn);
      overtaken = overtaking(incident, next, turn);
      continue;
    }
    overtaken = null;
    failed.add(next.key);
    notTold(incident, next.key, sent.reason, turn.deps);
    // One message that the channel will never take must not hold back the rest; a channel that is down must not
    // cost a time-out for each.
    if (sent.retryAfterMs !== null || failed.size === mostFailures) return incident;
  }
}

function nextUntold(incident: Incident, failed: ReadonlySet<string>, turn: Turn): ThreadMessage | null {
  if (turn.signal?.aborted || turn.deps.clock.now() >= turn.until) return null;
  const untold = messagesOf(incident, turn).thread.find(
    (message) =>
      incident.receipts[message.key] === undefined &&
      !failed.has(message.key) &&
      !(turn.editsOnly && cardOf(incident, message) === undefined),
  );
  return untold ?? null;
}

/**
 * Somebody else may have told a later state of the same card while this one was under way, and this one came last. The
 * later one is told again, so that whoever writes last writes what is true.
 */
function overtaking(incident: Incident, told: ThreadMessage, turn: Turn): ThreadMessage | null {
  const card = cardOf(incident, told);
  if (card === undefined || turn.signal?.aborted || turn.deps.clock.now() >= turn.until) return null;
  const later = messagesOf(incident, turn).thread.find(
    (message) => message.key !== told.key && cardOf(incident, message)?.ts === card.ts,
  );
  return later !== undefined && incident.receipts[later.key] !== undefined ? later : null;
}

/** The message that this one changes in place, if it does and it is out. */
function cardOf({ receipts }: Incident, { edits }: ThreadMessage) {
  return edits === null ? undefined : receipts[edits];
}

function send(incident: Incident, next: ThreadMessage, turn: Turn) {
  const { chat } = turn.deps;
  const { root } = incident;
  const card = cardOf(incident, next);
  const place = { channel: root?.channel ?? turn.settings.slack.channel, thread: root };
  return deliver(
    (signal) =>
      card === undefined ? chat.post(next.message, place, signal) : chat.update(next.message, card, signal),
    turn,
    turn.deps,
  );
}

function keep(incident: Incident, key: string, receipt: NonNullable<Incident["root"]>, turn: Turn) {
  return updateIncident(
    turn.deps,
    incident.id,
    (now) =>
      now.receipts[key] === undefined
        ? [{ kind: "delivered", root: null, receipts: { [key]: receipt } }]
        : [],
    reduceContext(turn.settings),
  );
}

/** The root message was made before the thread went out; when the incident has changed meanwhile, it says so. */
async function rootAgain({ id }: Incident, told: Message, turn: Turn): Promise<Incident> {
  let incident = await loadIncident(turn.deps.incidents, id);
  let says = JSON.stringify(told);
  for (let edits = 0; edits < mostRootEdits; edits += 1) {
    const { root } = incident;
    const message = messagesOf(incident, turn).root;
    const unchanged = JSON.stringify(message) === says;
    if (root === null || unchanged || turn.signal?.aborted || turn.deps.clock.now() >= turn.until) break;
    const edited = await deliver((signal) => turn.deps.chat.update(message, root, signal), turn, turn.deps);
    if (edited.kind === "not-sent") break;
    says = JSON.stringify(message);
    incident = await loadIncident(turn.deps.incidents, id);
  }
  return incident;
}

function messagesOf(incident: Incident, { settings, now }: Turn) {
  return incidentMessages(incident, settings, now, incident.cause?.path ?? []);
}

function notTold(incident: Incident, key: string, reason: string, { log }: AnnounceDeps): void {
  log.warn("message.not-sent", { incidentId: incident.id, key, reason });
  log.metric("MessagesNotSent", 1, "Count");
}
