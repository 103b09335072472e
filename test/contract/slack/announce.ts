import type { Chat } from "../../../functions/core/chat-port.ts";
import type { Incident, Receipt } from "../../../functions/core/contract/incident.ts";
import { incidentMessages } from "../../../functions/core/messages/incident-messages.ts";
import { defaultSettings } from "../../../functions/core/settings.ts";

export interface Receipts {
  readonly root: Receipt | null;
  readonly thread: Readonly<Record<string, Receipt>>;
  /** Why a message is not out. */
  readonly failed: readonly string[];
}

export const noReceipts: Receipts = { root: null, thread: {}, failed: [] };

/** What an announcer does with the list of messages, in its simplest form. */
export async function announce(
  chat: Chat,
  incident: Incident,
  now: number,
  before: Receipts,
): Promise<Receipts> {
  const { root, thread } = incidentMessages({ ...incident, receipts: before.thread }, defaultSettings, now);
  const failed: string[] = [];
  const sentRoot =
    before.root === null
      ? await chat.post(root, { channel: "#db-incidents", thread: null })
      : await chat.update(root, before.root);
  if (sentRoot.kind === "not-sent") return { ...before, failed: [sentRoot.reason] };
  const receipts: Record<string, Receipt> = { ...before.thread };
  for (const { key, message, edits } of thread) {
    if (receipts[key] !== undefined) continue;
    const old = edits === null ? undefined : receipts[edits];
    const sent =
      old === undefined
        ? await chat.post(message, { channel: "#db-incidents", thread: sentRoot.receipt })
        : await chat.update(message, old);
    if (sent.kind === "sent") receipts[key] = sent.receipt;
    else failed.push(sent.reason);
  }
  return { root: sentRoot.receipt, thread: receipts, failed };
}
