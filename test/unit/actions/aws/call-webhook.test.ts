import { describe, expect, it } from "vitest";
import { createMemoryWebhooks } from "../../../../functions/adapters/memory/memory-webhooks.ts";
import { executeAwsOrder } from "../../../../functions/core/actions/execute-aws.ts";
import type { WebhookAnswer } from "../../../../functions/core/change-ports.ts";
import { undoState } from "../../../../functions/core/contract/undo-state.ts";
import type { WorkOrder } from "../../../../functions/core/contract/work-order.ts";
import { awsWorld } from "../../../support/aws-world.ts";
import { anAction, anIncident } from "../../../support/incident-builder.ts";
import { anAwsOrder } from "../../../support/rds-builder.ts";

const allowed = {
  ...{ hosts: ["hooks.example.com"], allowPrivate: false },
  signingSecretArn: "arn:aws:secretsmanager:eu-west-1:123456789012:secret:hook-AbCdEf",
};

function orderOf(input: object = {}, webhooks: object | undefined = allowed): WorkOrder {
  const order = anAwsOrder("call-webhook", {}, input);
  return { ...order, guards: { ...order.guards, webhooks: { ...allowed, ...webhooks } } };
}

function world() {
  const { rds, clock } = awsWorld();
  const webhooks = createMemoryWebhooks();
  const execute = (order: WorkOrder, options: object = {}) =>
    executeAwsOrder(
      order,
      { rds, clock, webhooks, repeated: false, ...options },
      new AbortController().signal,
    );
  return { webhooks, clock, execute };
}

describe("A30 a request to the application", () => {
  it("is sent as it was shown, with the order's id, and done when the application says so", async () => {
    const { webhooks, execute } = world();
    const order = orderOf();
    const outcome = await execute(order);
    expect(outcome).toMatchObject({ status: "done", mayHaveActed: true });
    const [call] = webhooks.called;
    expect(call).toMatchObject({ id: order.orderId, url: "https://hooks.example.com/pool" });
    expect(JSON.parse(call?.body ?? "")).toEqual({
      ...{ schema: "rds-responder.webhook.v1", does: "reset-pool", database: "orders-db" },
      ...{ to: "https://hooks.example.com/pool", account: "123456789012", region: "eu-west-1" },
      ...{ group: order.target.group, because: "its pool is full of idle connections" },
    });
  });

  it.each<[WebhookAnswer, string, boolean, string]>([
    [{ kind: "answered", status: 202, says: "" }, "not-verified", true, "only taken the request"],
    [{ kind: "answered", status: 302, says: "" }, "refused", false, "answered 302"],
    [{ kind: "answered", status: 401, says: "bad signature" }, "refused", false, "401: bad signature"],
    [{ kind: "answered", status: 503, says: "busy" }, "failed", true, "503: busy"],
    [{ kind: "not-known", says: "no answer came in time" }, "failed", true, "may have been asked"],
    [{ kind: "not-sent", says: "ECONNREFUSED" }, "refused", false, "was not reached"],
  ])("tells the truth of %j: %s", async (answer, status, mayHaveActed, says) => {
    const { webhooks, execute } = world();
    webhooks.answers.push(answer);
    const outcome = await execute(orderOf());
    expect(outcome).toMatchObject({ status, mayHaveActed });
    expect(outcome.summary).toContain(says);
    expect(webhooks.called).toHaveLength(1);
  });

  it.each<[WebhookAnswer, boolean]>([
    [{ kind: "not-known", says: "no answer came in time" }, false],
    [{ kind: "answered", status: 504, says: "" }, false],
    [{ kind: "answered", status: 409, says: "seen" }, true],
    [{ kind: "not-sent", says: "ECONNREFUSED" }, true],
  ])(
    "is offered to be taken back where it may have been done: %j (repeated: %s)",
    async (answer, repeated) => {
      const { webhooks, execute } = world();
      webhooks.answers.push(answer);
      const input = { does: "read-only", undoUrl: "https://hooks.example.com/write" };
      const outcome = await execute(orderOf(input), { repeated });
      expect(outcome).toMatchObject({
        ...{ status: "failed", mayHaveActed: true },
        undo: { input: { does: "read-write", url: "https://hooks.example.com/write" } },
      });
      const action = anAction({ status: "finished", outcome });
      expect(undoState(anIncident({ actions: [action] }), action)).toBe("offered");
    },
  );

  it("is sent again with the same id by a repeat, whose no is not the last word", async () => {
    const { webhooks, execute } = world();
    const order = orderOf();
    await execute(order);
    webhooks.answers.push({ kind: "not-sent", says: "ECONNREFUSED" });
    const again = await execute(order, { repeated: true });
    expect(again).toMatchObject({ status: "failed", mayHaveActed: true });
    expect(new Set(webhooks.called.map(({ id }) => id)).size).toBe(1);
  });

  it("says in what is signed for whom it is, so that nobody can pass it on to another host", async () => {
    const { webhooks, execute } = world();
    await execute(orderOf({ url: "https://bills.example.com/pool" }, { hosts: ["bills.example.com"] }));
    await execute(orderOf());
    const bodies = webhooks.called.map(({ body }) => JSON.parse(body).to);
    expect(bodies).toEqual(["https://bills.example.com/pool", "https://hooks.example.com/pool"]);
  });

  it("is not sent by a repeat whose time is over", async () => {
    const { webhooks, clock, execute } = world();
    await clock.advance(90_000);
    const late = await execute(orderOf(), { repeated: true });
    expect(late).toMatchObject({ refusal: { guard: "order-expired" } });
    expect(webhooks.called).toEqual([]);
  });

  it("carries its opposite as undo, where the settings have an address for that", async () => {
    const input = { does: "read-only", undoUrl: "https://hooks.example.com/write" };
    const { undo } = await world().execute(orderOf(input));
    expect(undo).toMatchObject({
      actionId: "call-webhook",
      input: { does: "read-write", url: "https://hooks.example.com/write" },
      preview: expect.stringContaining("POST https://hooks.example.com/write"),
    });
    expect(await world().execute(orderOf())).not.toHaveProperty("undo");
  });

  it.each([
    ["webhook-host", { url: "https://elsewhere.example.com/pool" }, {}, {}],
    ["webhook-host", { url: "https://hooks.example.com:8443/pool" }, {}, {}],
    ["webhook-host", {}, { hosts: [] }, {}],
    ["no-webhook-secret", {}, { signingSecretArn: null }, {}],
    ["webhook-address", { url: "https://private.example.com/" }, { hosts: ["private.example.com"] }, {}],
    ["no-webhooks", {}, {}, { webhooks: null }],
    ["unknown-action", { does: "drop-database" }, {}, {}],
    ["unknown-action", { url: "file:///etc/hosts" }, {}, {}],
  ])("is refused by %s for %j", async (guard, input, guards, options) => {
    const { webhooks, execute } = world();
    const outcome = await execute(orderOf(input, guards), options);
    expect(outcome).toMatchObject({ status: "refused", mayHaveActed: false, refusal: { guard } });
    expect(webhooks.called).toEqual([]);
  });

  it("D11 is never sent unasked, and not when it is only tried", async () => {
    const { webhooks, execute } = world();
    const order = orderOf();
    const unasked = { ...order, guards: { ...order.guards, unasked: true } };
    expect((await execute(unasked)).refusal?.guard).toBe("never-alone");
    expect((await execute(order, { dryRun: true })).summary).toContain("only tried");
    expect(webhooks.called).toEqual([]);
  });
});
