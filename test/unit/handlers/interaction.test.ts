import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { createCountingIds } from "../../../functions/adapters/memory/counting-ids.ts";
import { runs } from "../../../functions/adapters/memory/memory-failover-records.ts";
import { createMemoryRdsControl } from "../../../functions/adapters/memory/memory-rds-control.ts";
import { createMemoryWorkflow } from "../../../functions/adapters/memory/memory-workflow.ts";
import { closedCard } from "../../../functions/core/failover/messages.ts";
import { announce } from "../../../functions/core/respond/announce.ts";
import { createHandler, type InteractionDeps } from "../../../functions/handlers/interaction.ts";
import { aRun } from "../../support/failover-builder.ts";
import { anApproval, aTarget } from "../../support/incident-builder.ts";
import { createFailoverWorld } from "../../support/skipped-world.ts";
import { channelOf, chapter } from "../respond/announce-support.ts";

const signingSecret = "the-signing-secret";
const approver = "U0DANA01";

const second = "U0BENE02";

async function lab(approversNeeded: 1 | 2 = 1) {
  const story = chapter("approval asked").incident;
  const risk = approversNeeded === 2 ? "irreversible" : "disruptive";
  const actions = story.actions.map((one) => ({ ...one, proposal: { ...one.proposal, risk } as const }));
  const incident = { ...story, actions };
  const channel = await channelOf(incident);
  await announce(incident.id, channel.deps);
  const requestedAt = new Date(channel.clock.now()).toISOString();
  const expiresAt = new Date(channel.clock.now() + 900_000).toISOString();
  await channel.deps.incidents.putApproval(
    anApproval({ incidentId: incident.id, requestedAt, expiresAt, approversNeeded }),
  );
  channel.deps.settings.set({ policy: { approvers: [approver, second] } });
  let secretsRead = 0;
  const failoverRuns = runs(createFailoverWorld(0).world);
  const deps: InteractionDeps = {
    ...channel.deps,
    failoverRuns,
    workflow: createMemoryWorkflow(),
    rds: createMemoryRdsControl({ targets: [aTarget()] }),
    ids: createCountingIds(),
    signingSecret: async () => {
      secretsRead += 1;
      return signingSecret;
    },
    answer: async () => "sent",
  };
  return {
    ...channel,
    whole: deps,
    failoverRuns,
    handle: createHandler(deps),
    secretsRead: () => secretsRead,
  };
}

type Lab = Awaited<ReturnType<typeof lab>>;

function clickOn(
  { clock }: Lab,
  secret = signingSecret,
  by = approver,
  value = "apr-5d20",
  message_ts = "1.0001",
) {
  const payload = {
    type: "block_actions",
    user: { id: by, username: "dana" },
    response_url: "https://hooks.example.test/answer",
    channel: { id: "C1" },
    container: { message_ts },
    actions: [{ type: "button", action_id: "approve:0", value, action_ts: "1.2" }],
  };
  const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
  const timestamp = String(Math.floor(clock.now() / 1000));
  const signature = `v0=${createHmac("sha256", secret).update(`v0:${timestamp}:${body}`).digest("hex")}`;
  return {
    body,
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      "x-slack-request-timestamp": timestamp,
      "x-slack-signature": signature,
    },
  };
}

describe("the function that takes clicks", () => {
  it("A42 answers a click and has edited the card when it answers", async () => {
    const told = await lab();
    expect(await told.handle(clickOn(told))).toEqual({ statusCode: 200, body: "" });
    const card = told.chat.messages.find(({ message }) => message.kind === "approval-request");
    expect(card?.message.headline).toMatch(/^Approved/);
    expect(card?.message.buttons).toEqual([]);
  });

  it("A42 shows who has agreed while a second approver is needed, counts nobody twice, and then who both were", async () => {
    const told = await lab(2);
    const card = () =>
      JSON.stringify(told.chat.messages.find(({ message }) => message.kind === "approval-request"));
    await told.handle(clickOn(told));
    await told.handle(clickOn(told));
    expect(card()).toContain("Approval needed");
    expect(card()).toContain(`so far 1 (${approver})`);
    await told.handle(clickOn(told, signingSecret, second));
    expect(card()).toContain("Approved: ");
    for (const value of [approver, second])
      expect(card()).toContain(JSON.stringify({ label: "Approved by", value }));
  });

  it("C2 writes nothing after its answer, however late Slack comes back", async () => {
    const told = await lab();
    told.chat.behave({ kind: "slow", ms: 60_000 });
    let answered = false;
    const answer = told.handle(clickOn(told)).then((result) => {
      answered = true;
      return result;
    });
    // The signature is checked beside this thread; then the edit and its limit are waited for.
    while (told.clock.sleepers < 2) await new Promise((resolve) => setImmediate(resolve));
    await told.clock.advance(1499);
    expect(answered).toBe(false);
    await told.clock.advance(1);
    expect(await answer).toEqual({ statusCode: 200, body: "" });
    expect(told.clock.sleepers).toBe(0);
    const before = JSON.stringify(told.chat.messages);
    await told.clock.advance(600_000);
    expect(JSON.stringify(told.chat.messages)).toBe(before);
  });

  it.each([
    ["no signature", { "x-slack-signature": "" }, "malformed"],
    ["a signature of another form", { "x-slack-signature": "v1=00" }, "malformed"],
    ["no time", { "x-slack-request-timestamp": "" }, "malformed"],
    ["a time of yesterday", { "x-slack-request-timestamp": "1700000000" }, "too-old"],
  ])("Q4 turns a request with %s away before a secret is read", async (_name, headers, reason) => {
    const told = await lab();
    const click = clickOn(told);
    const answer = await told.handle({ ...click, headers: { ...click.headers, ...headers } });
    expect(answer).toEqual({ statusCode: 401, body: reason });
    expect(told.secretsRead()).toBe(0);
    expect(told.deps.log.metrics).toContainEqual(
      expect.objectContaining({ name: "InteractionsRejected", fields: { reason } }),
    );
  });

  it("Q4 turns a body that no click has away before a secret is read", async () => {
    const told = await lab();
    const answer = await told.handle({ ...clickOn(told), body: "x".repeat(400_000) });
    expect(answer).toEqual({ statusCode: 413, body: "too-large" });
    expect(told.secretsRead()).toBe(0);
  });

  it("Q5 counts a signature that is not Slack's", async () => {
    const told = await lab();
    expect(await told.handle(clickOn(told, "another-secret"))).toMatchObject({ statusCode: 401 });
    expect(told.deps.log.metrics).toContainEqual(
      expect.objectContaining({ name: "InteractionsRejected", fields: { reason: "bad-signature" } }),
    );
  });
});

describe("a click on a failover's card", () => {
  it("A42 is written into the run, for its next look, and by an approver alone", async () => {
    const here = await lab();
    const asked = { is: "pending", by: null, at: 1, expiresAt: here.clock.now() + 900_000 } as const;
    const run = { ...aRun({ id: "fo-1", phase: "approve", approval: asked }), revision: 0 };
    await here.failoverRuns.save(run);
    await here.handle(clickOn(here, signingSecret, "U0NOBODY", "fo-1"));
    expect((await here.failoverRuns.get("fo-1"))?.approval?.is).toBe("pending");
    await here.handle(clickOn(here, signingSecret, approver, "fo-1"));
    expect((await here.failoverRuns.get("fo-1"))?.approval).toMatchObject({ is: "granted", by: approver });
  });

  it("F3 A42 counts on the card that asks now alone: an earlier one said nothing of what that asks for", async () => {
    const here = await lab();
    const told: string[] = [];
    const handle = createHandler({
      ...here.whole,
      answer: async (_url, says) => {
        told.push(says);
        return "sent";
      },
    });
    const card = { channel: "C1", ts: "2.0001", permalink: "https://example.test/p2" };
    const asked = { is: "pending", by: null, at: 1, expiresAt: here.clock.now() + 900_000 } as const;
    const approval = { ...asked, card };
    await here.failoverRuns.save({ ...aRun({ id: "fo-1", phase: "approve", approval }), revision: 0 });
    await handle(clickOn(here, signingSecret, approver, "fo-1", "1.0001"));
    expect((await here.failoverRuns.get("fo-1"))?.approval?.is).toBe("pending");
    expect(told).toEqual([expect.stringContaining("https://example.test/p2")]);
    await handle(clickOn(here, signingSecret, approver, "fo-1", "2.0001"));
    expect((await here.failoverRuns.get("fo-1"))?.approval?.is).toBe("granted");
  });

  it("A42 takes the buttons off the card, which says who decided", async () => {
    const here = await lab();
    const posted = await here.chat.post(
      {
        ...closedCard(aRun()),
        buttons: [{ id: "approve", label: "Fail over", style: "danger", value: "fo-1", confirm: null }],
      },
      { channel: "#db-incidents", thread: null },
    );
    if (posted.kind !== "sent") throw new Error("no card was posted");
    const asked = { is: "pending", by: null, at: 1, expiresAt: here.clock.now() + 900_000 } as const;
    const approval = { ...asked, card: posted.receipt };
    await here.failoverRuns.save({ ...aRun({ id: "fo-1", phase: "approve", approval }), revision: 0 });
    await here.handle(clickOn(here, signingSecret, approver, "fo-1", posted.receipt.ts));
    const card = here.chat.messages.find(({ receipt }) => receipt.ts === posted.receipt.ts)?.message;
    expect(card).toMatchObject({ buttons: [], headline: expect.stringContaining(`approved by ${approver}`) });
  });
});
