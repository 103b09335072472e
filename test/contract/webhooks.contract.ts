import { expect, it } from "vitest";
import type { WebhookRequest, Webhooks } from "../../functions/core/change-ports.ts";

export interface WebhooksUnderTest {
  readonly webhooks: Webhooks;
  readonly request: WebhookRequest;
  /** Ids of what has arrived. */
  arrived(): readonly string[];
}

export function webhooksContract(make: () => Promise<WebhooksUnderTest>): void {
  it("A30 brings a request to the application once, and its answer back", async () => {
    const { webhooks, request, arrived } = await make();
    expect(await webhooks.refuses(request)).toBeNull();
    expect(await webhooks.call(request)).toEqual({ kind: "answered", status: 200, says: "done" });
    expect(arrived()).toEqual([request.id]);
  });
}
