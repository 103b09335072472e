import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { createMemoryWebhooks } from "../../functions/adapters/memory/memory-webhooks.ts";
import { createHttpWebhooks } from "../../functions/adapters/webhooks/http-webhooks.ts";
import type { WebhookRequest } from "../../functions/core/change-ports.ts";
import type { Clock } from "../../functions/core/ports.ts";
import { type Behaviour, type Loopback, startLoopback } from "./loopback.ts";
import { webhooksContract } from "./webhooks.contract.ts";

const secret = "a-secret-of-the-tests";
const aRequest = (url: string): WebhookRequest => ({
  ...{ url, body: '{"does":"reset-pool"}', id: "ord-1", allowPrivate: true },
  secretArn: "arn:aws:secretsmanager:eu-west-1:123456789012:secret:hook-AbCdEf",
});

/** Pauses are told and not waited for; time goes on by them. */
function aClock(): Clock & { readonly pauses: number[] } {
  const pauses: number[] = [];
  let now = Date.parse("2026-11-21T09:00:00Z");
  return {
    pauses,
    now: () => now,
    sleep: async (ms) => {
      pauses.push(ms);
      now += ms;
    },
  };
}

function webhooksWith(clock: Clock, { attemptMs = 5000, random = () => 0, loopbackIsInside = true } = {}) {
  return createHttpWebhooks({ secretOf: async () => secret, clock, random, attemptMs, loopbackIsInside });
}

async function calledOn(behave: (serial: number) => Behaviour, options = {}) {
  const clock = aClock();
  const application = await startLoopback((_request, serial) => behave(serial));
  const answer = await webhooksWith(clock, options).call(aRequest(`${application.endpoint}/hooks/pool`));
  return { answer, application, pauses: clock.pauses };
}

const signatureOf = ({ headers, body }: Loopback["requests"][number]) =>
  createHmac("sha256", secret)
    .update(`${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body.toString()}`)
    .digest("base64");

describe("an application, in memory", () => {
  webhooksContract(async () => {
    const webhooks = createMemoryWebhooks();
    const request = aRequest("https://hooks.example.com/pool");
    return { webhooks, request, arrived: () => webhooks.called.map(({ id }) => id) };
  });
});

describe("an application over HTTP", () => {
  webhooksContract(async () => {
    const application = await startLoopback(() => ({ status: 200, body: "done" }));
    return {
      webhooks: webhooksWith(aClock()),
      request: aRequest(application.endpoint),
      arrived: () => application.requests.map(({ headers }) => headers["webhook-id"] ?? ""),
    };
  });

  it("A30 can tell by id, timestamp and body that it was us, and when", async () => {
    const { application } = await calledOn(() => ({ status: 204, body: "" }));
    const [request] = application.requests;
    expect(request).toMatchObject({ method: "POST", path: "/hooks/pool" });
    expect(request?.headers).toMatchObject({
      ...{ "idempotency-key": "ord-1", "webhook-id": "ord-1", "webhook-timestamp": "1795251600" },
      "content-type": "application/json",
    });
    expect(request?.body.toString()).toBe('{"does":"reset-pool"}');
    expect(request?.headers["webhook-signature"]).toBe(`v1,${request && signatureOf(request)}`);
  });

  it("A30 is asked three times at most while it answers 5xx, with one id and longer pauses, signed anew", async () => {
    const { answer, application, pauses } = await calledOn(() => ({ status: 503, body: "busy" }), {
      random: () => 0.5,
    });
    expect(answer).toEqual({ kind: "answered", status: 503, says: "busy (attempt 3 of 3)" });
    expect(application.requests.map(({ headers }) => headers["idempotency-key"])).toEqual([
      "ord-1",
      "ord-1",
      "ord-1",
    ]);
    expect(pauses).toEqual([375, 750]);
    for (const request of application.requests)
      expect(request.headers["webhook-signature"]).toBe(`v1,${signatureOf(request)}`);
    const [first, , last] = application.requests.map(({ headers }) => headers["webhook-timestamp"]);
    expect(first).not.toBe(last);
  });

  it("A30 is asked again when no answer came in time, and the second one counts", async () => {
    const { answer, application } = await calledOn(
      (serial) => (serial === 1 ? "silence" : { status: 200, body: "done" }),
      { attemptMs: 300 },
    );
    expect(answer).toEqual({ kind: "answered", status: 200, says: "done (attempt 2 of 3)" });
    expect(application.requests).toHaveLength(2);
  });

  it.each([
    [503, 409],
    [504, 302],
    [500, 429],
    ["silence", 409],
  ] as const)("A30 may have acted at %s though it then says %i to the same id", async (first, then) => {
    const { answer, application } = await calledOn(
      (serial) => {
        if (serial > 1) return { status: then, body: "seen" };
        return first === "silence" ? first : { status: first, body: "" };
      },
      { attemptMs: 300 },
    );
    expect(answer).toMatchObject({ kind: "not-known", says: expect.stringContaining(`${then}: seen`) });
    expect(application.requests).toHaveLength(2);
  });

  it("A30 may have acted when it never answers", async () => {
    const { answer } = await calledOn(() => "silence", { attemptMs: 200 });
    expect(answer).toEqual({ kind: "not-known", says: "no answer came in time (attempt 3 of 3)" });
  });

  it.each([400, 401, 404, 409, 429])("A30 is asked once when it answers %i", async (status) => {
    const { answer, application } = await calledOn(() => ({ status, body: "no" }));
    expect(answer).toEqual({ kind: "answered", status, says: "no" });
    expect(application.requests).toHaveLength(1);
  });

  it("A30 is not asked again after it has hung up: it may have read the request", async () => {
    const { answer, application } = await calledOn(() => "hang-up");
    expect(answer).toMatchObject({ kind: "not-known" });
    expect(application.requests).toHaveLength(1);
  });

  it.each([301, 302, 307, 308])("A30 leads nowhere else by a redirect (%i)", async (status) => {
    const elsewhere = await startLoopback(() => ({ status: 200, body: "got it" }));
    const headers = { location: elsewhere.endpoint };
    const { answer } = await calledOn(() => ({ status, headers, body: "" }));
    expect(answer).toMatchObject({ kind: "answered", status });
    expect(elsewhere.requests).toEqual([]);
  });

  it("A30 may answer as much as it likes: a little is read, and less is told", async () => {
    const { answer } = await calledOn(() => ({ status: 200, body: "no\nend ".repeat(2_000_000) }));
    expect(answer).toMatchObject({ kind: "answered", status: 200 });
    expect(answer.says).toHaveLength(200);
    expect(answer.says).toMatch(/^no end no end/);
  });

  it("A30 has not got what nobody listens for", async () => {
    const answer = await webhooksWith(aClock()).call(aRequest("http://127.0.0.1:9/"));
    expect(answer).toMatchObject({ kind: "not-sent", says: expect.stringContaining("ECONNREFUSED") });
  });

  it.each(["https://127.0.0.1/", "https://localhost/", "https://[::ffff:10.0.0.1]/", "https://0x7f.1/"])(
    "A30 is not looked for at %s unless private addresses are allowed",
    async (url) => {
      const request = { ...aRequest(url), allowPrivate: false };
      const webhooks = webhooksWith(aClock());
      expect(await webhooks.refuses(request)).toContain("inside a network");
      expect(await webhooks.call(request)).toMatchObject({
        kind: "not-sent",
        says: expect.stringContaining("inside a network"),
      });
    },
  );

  it.each(["http://169.254.169.254/latest/meta-data", "http://[fd00:ec2::254]/", "http://0.0.0.0/"])(
    "A30 never reaches %s, whatever is allowed",
    async (url) => {
      const webhooks = webhooksWith(aClock());
      expect(await webhooks.refuses(aRequest(url))).toContain("never called");
      expect(await webhooks.call(aRequest(url))).toMatchObject({ kind: "not-sent" });
    },
  );

  it.each([
    ...["http://127.0.0.1/", "http://127.1.2.3:9001/", "http://localhost/", "http://[::1]/"],
    ...["http://[::ffff:127.0.0.1]/", "http://[::7f00:1]/", "http://[64:ff9b:1::a9fe:a9fe]/"],
  ])("A30 never reaches the machine itself, nor an address in disguise, at %s", async (url) => {
    const application = await startLoopback(() => ({ status: 200, body: "" }));
    const webhooks = webhooksWith(aClock(), { loopbackIsInside: false });
    const there = new URL(url);
    there.port ||= new URL(application.endpoint).port;
    expect(await webhooks.refuses(aRequest(there.href))).toContain("never called");
    expect(await webhooks.call(aRequest(there.href))).toMatchObject({ kind: "not-sent" });
    expect(application.requests).toEqual([]);
  });

  it("A30 gets nothing in clear text outside, and no password in an address", async () => {
    const webhooks = webhooksWith(aClock());
    const outside = { ...aRequest("http://hooks.example.com/"), allowPrivate: false };
    expect(await webhooks.refuses(outside)).toBe("the address is not https");
    expect(await webhooks.refuses(aRequest("https://a:b@hooks.example.com/"))).toContain("password");
  });

  it("A30 is not asked without a signature", async () => {
    const application = await startLoopback(() => ({ status: 200, body: "" }));
    const webhooks = createHttpWebhooks({
      secretOf: () => Promise.reject(new Error("AccessDenied")),
      ...{ clock: aClock(), random: () => 0 },
    });
    expect(await webhooks.call(aRequest(application.endpoint))).toMatchObject({
      kind: "not-sent",
      says: "its secret could not be read (AccessDenied)",
    });
    expect(application.requests).toEqual([]);
  });
});
