import { createHmac } from "node:crypto";
import { afterEach, describe, expect, it } from "vitest";
import { answerClick } from "../../../functions/adapters/slack/answer-click.ts";
import { type InteractionRequest, parseInteraction } from "../../../functions/adapters/slack/interaction.ts";
import { createSlackChat } from "../../../functions/adapters/slack/slack-chat.ts";
import type { SignedRequest } from "../../lab/slack/interaction-sender.ts";
import { dana, type SlackLab, startSlack } from "../../lab/slack/server.ts";
import { incidentStory } from "../../support/incident-story.ts";
import { announce, noReceipts } from "./announce.ts";

const signingSecret = "lab-signing-secret";
const clicks: SignedRequest[] = [];
let slack: SlackLab;
let stop: () => Promise<void> = async () => {};

afterEach(async () => {
  clicks.length = 0;
  await stop();
  stop = async () => {};
});

async function labWithRequest(): Promise<void> {
  slack = await startSlack({
    signingSecret,
    onInteraction: async (request) => {
      clicks.push(request);
      return { status: 200, body: "" };
    },
  });
  stop = slack.stop;
  const clock = { now: () => 0, sleep: async () => {} };
  const chat = createSlackChat({ token: async () => slack.token, apiUrl: slack.apiUrl, clock });
  const asked = incidentStory()[1];
  if (asked === undefined) throw new Error("the story is too short");
  await announce(chat, asked.incident, asked.now, noReceipts);
}

function theClick(): SignedRequest {
  const [click] = clicks;
  if (click === undefined) throw new Error("nobody clicked");
  return click;
}

function asRequest(click: SignedRequest): InteractionRequest {
  return { headers: click.headers, body: click.body, isBase64Encoded: false };
}

function form(payload: unknown): InteractionRequest {
  return {
    headers: { "Content-Type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ payload: JSON.stringify(payload) }).toString(),
    isBase64Encoded: false,
  };
}

describe("a click on a button", () => {
  it("A42 arrives signed with the secret, over the raw body", async () => {
    await labWithRequest();
    await slack.click("apr-5d20", "approve");
    const { headers, body } = theClick();
    const base = `v0:${headers["x-slack-request-timestamp"]}:${body}`;
    const expected = `v0=${createHmac("sha256", signingSecret).update(base).digest("hex")}`;
    expect(headers["x-slack-signature"]).toBe(expected);
  });

  it("A42 is read as a decision by that person on that approval and that message", async () => {
    await labWithRequest();
    await slack.click("apr-5d20", "decline");
    const card = slack.messages().find((message) => message.text.includes("Approval needed"));
    expect(parseInteraction(asRequest(theClick()))).toEqual({
      kind: "decision",
      approvalId: "apr-5d20",
      decision: "decline",
      by: dana.id,
      userName: "dana",
      channel: "C0DBINC01",
      messageTs: card?.ts,
      actionTs: expect.stringMatching(/^\d+\.\d{6}$/),
      teamId: "T0LAB",
      appId: "A0LAB",
      responseUrl: expect.stringContaining("/response/"),
    });
  });

  it("A42 reads a body that the gateway has base64-encoded", async () => {
    await labWithRequest();
    await slack.click("apr-5d20", "approve");
    const { headers, body } = theClick();
    const request = { headers, body: Buffer.from(body).toString("base64"), isBase64Encoded: true };
    expect(parseInteraction(request)).toMatchObject({ kind: "decision", decision: "approve" });
  });

  it("A42 cannot be made on a button that is no longer shown", async () => {
    await labWithRequest();
    await expect(slack.click("apr-other", "approve")).rejects.toThrow("no message shows a button");
  });

  it("A42 can be answered to the person who clicked alone, who can ping nobody with it", async () => {
    await labWithRequest();
    await slack.click("apr-5d20", "approve");
    const click = parseInteraction(asRequest(theClick()));
    if (click.kind !== "decision" || click.responseUrl === null) throw new Error("no response_url");
    const said = await answerClick(click.responseUrl, "You are not an approver <!channel>", slack.apiUrl);
    expect(said).toBe("sent");
    const answer = slack.messages().at(-1);
    expect(answer?.onlyFor).toBe(dana.id);
    expect(slack.html()).not.toContain('class="mention">@channel');
  });

  it("A42 works from the page: a click is posted to the responder and its failure is shown", async () => {
    await labWithRequest();
    const press = (value: string) =>
      fetch(`${slack.url}click`, {
        method: "POST",
        body: JSON.stringify({ value, decision: "approve", user: dana }),
      });
    expect(await (await press("apr-5d20")).json()).toEqual({ warning: null });
    expect(clicks).toHaveLength(1);
    expect(await (await press("apr-gone")).json()).toMatchObject({ warning: expect.any(String) });
  });
});

describe("other interactions", () => {
  const click = {
    type: "block_actions",
    user: { id: "U1", username: "u" },
    channel: { id: "C1" },
    container: { message_ts: "1.0001" },
    actions: [{ type: "button", action_id: "approve:0", value: "apr-1", action_ts: "1.2" }],
  };

  it.each([
    ["another type", { ...click, type: "view_submission" }, "ignored"],
    [
      "a foreign button",
      { ...click, actions: [{ ...click.actions[0], action_id: "open-report" }] },
      "ignored",
    ],
    ["no user", { ...click, user: {} }, "malformed"],
    ["no message", { ...click, container: {} }, "malformed"],
    [
      "a button without a value",
      { ...click, actions: [{ ...click.actions[0], value: undefined }] },
      "malformed",
    ],
    ["an empty value", { ...click, actions: [{ ...click.actions[0], value: "" }] }, "malformed"],
    ["a list", [], "malformed"],
  ])("A42 takes %s for no decision", (_name, payload, kind) => {
    expect(parseInteraction(form(payload)).kind).toBe(kind);
  });

  it.each([
    ["no body", { ...form(click), body: null }],
    ["a body that is no form", { ...form(click), body: "{}" }],
    ["a payload that is not JSON", { ...form(click), body: "payload=%7Bx" }],
    ["another content type", { ...form(click), headers: { "content-type": "application/json" } }],
    ["a body of megabytes", { ...form(click), body: `payload=${"x".repeat(1_000_001)}` }],
  ])("A42 calls %s malformed and does not throw", (_name, request) => {
    expect(parseInteraction(request)).toMatchObject({ kind: "malformed", reason: expect.any(String) });
  });

  it("A42 reads the plain click of these cases as a decision", () => {
    expect(parseInteraction(form(click))).toMatchObject({ kind: "decision", by: "U1", responseUrl: null });
  });
});
