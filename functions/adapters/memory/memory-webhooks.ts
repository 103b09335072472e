import type { WebhookAnswer, WebhookRequest, Webhooks } from "../../core/change-ports.ts";

export interface MemoryWebhooks extends Webhooks {
  /** What was called, in order. */
  readonly called: readonly WebhookRequest[];
  /** The next calls are answered so; afterwards 200. */
  readonly answers: WebhookAnswer[];
}

/** An application that does what it is asked for; hosts that are named `private…` lie inside the network. */
export function createMemoryWebhooks(): MemoryWebhooks {
  const called: WebhookRequest[] = [];
  const answers: WebhookAnswer[] = [];
  return {
    called,
    answers,
    refuses: async ({ url, allowPrivate }) =>
      /\/\/private/.test(url) && !allowPrivate ? `${url} leads to an address inside a network` : null,
    call: async (request) => {
      called.push(request);
      return answers.shift() ?? { kind: "answered", status: 200, says: "done" };
    },
  };
}
