import { callWebhookOffer } from "../actions/aws/call-webhook.ts";
import { propose } from "../actions/propose.ts";
import type { ProposedAction } from "../contract/finding.ts";
import type { View } from "../facts/view.ts";
import { oppositeOf, type WebhookDoes } from "../webhook-settings.ts";

/** A30, where the settings name an address for it; the function that calls it acts for databases of RDS alone. */
export function askApplication(
  { evidence: { target }, policy: { webhooks } }: View,
  does: WebhookDoes,
  { because, consequence }: { readonly because: string; readonly consequence: string },
): readonly ProposedAction[] {
  const url = webhooks.calls[does];
  if (url === undefined || target.accountId === null) return [];
  const back = oppositeOf[does];
  const undoUrl = back === null ? null : (webhooks.calls[back] ?? null);
  const input = { does, url, undoUrl, because };
  return [propose(callWebhookOffer, input, target, { consequence, frees: null })];
}
