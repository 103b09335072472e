import { createServer } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import { createSlackChat } from "../../../functions/adapters/slack/slack-chat.ts";
import type { Chat } from "../../../functions/core/chat-port.ts";
import type { Message } from "../../../functions/core/contract/message.ts";
import type { Clock } from "../../../functions/core/ports.ts";
import { type SlackLab, startSlack } from "../../lab/slack/server.ts";
import { incidentStory } from "../../support/incident-story.ts";
import { announce, noReceipts } from "./announce.ts";

const slept: number[] = [];
const clock: Clock = {
  now: () => 0,
  sleep: async (ms) => {
    slept.push(ms);
  },
};
const stops: (() => Promise<void>)[] = [];

afterEach(async () => {
  slept.length = 0;
  await Promise.all(stops.splice(0).map((stop) => stop()));
});

async function lab(): Promise<{ slack: SlackLab; chat: Chat }> {
  const slack = await startSlack({ signingSecret: "lab-secret" });
  stops.push(slack.stop);
  return { slack, chat: chatOn(slack.apiUrl, slack.token) };
}

function chatOn(apiUrl: string, token = "xoxb-lab-token"): Chat {
  return createSlackChat({
    token: async () => token,
    apiUrl,
    clock,
    timeoutMs: 300,
    permalinkTimeoutMs: 200,
  });
}

function aMessage(headline: string): Message {
  return {
    schema: "message.v1",
    kind: "alert",
    incidentId: "inc-1",
    headline,
    severity: "P1",
    status: "Investigating",
    sections: [{ kind: "text", text: `${headline} in full` }],
    buttons: [],
  };
}

const toChannel = { channel: "#db-incidents", thread: null };

async function posted(chat: Chat, headline: string) {
  const sent = await chat.post(aMessage(headline), toChannel);
  if (sent.kind === "not-sent") throw new Error(sent.reason);
  return sent.receipt;
}

describe("Slack through its own client", () => {
  it("C2 posts a root message, answers in its thread and edits the root in place", async () => {
    const { slack, chat } = await lab();
    const root = await posted(chat, "first");
    const reply = await chat.post(aMessage("details"), { ...toChannel, thread: root });
    const edit = await chat.update(aMessage("second"), root);

    expect(root.channel).toBe("C0DBINC01");
    expect(root.permalink).toContain(root.ts.replace(".", ""));
    expect(reply).toMatchObject({ kind: "sent", receipt: { channel: "C0DBINC01" } });
    expect(edit).toEqual({ kind: "sent", receipt: root });
    const [first, second, ...more] = slack.messages();
    expect(more).toEqual([]);
    expect(first).toMatchObject({ ts: root.ts, edits: 1, threadTs: null });
    expect(first?.text).toContain("second");
    expect(second).toMatchObject({ threadTs: root.ts, edits: 0 });
  });

  it("C2 tells a whole incident in one root message and its thread, every message valid Block Kit", async () => {
    const { slack, chat } = await lab();
    let receipts = noReceipts;
    for (const chapter of incidentStory()) {
      receipts = await announce(chat, chapter.incident, chapter.now, receipts);
      expect(receipts.failed).toEqual([]);
    }
    const roots = slack.messages().filter((message) => message.threadTs === null);
    expect(roots).toHaveLength(1);
    expect(roots[0]?.edits).toBe(5);
    expect(slack.messages().filter((message) => message.threadTs === roots[0]?.ts)).toHaveLength(5);
    expect(slack.html()).not.toMatch(/undefined|null|NaN|\[object/);
  });

  it("C2 gives a 429 back at once with the time Slack asks for", async () => {
    const { slack, chat } = await lab();
    slack.setFault({ kind: "429", retryAfterSeconds: 7 });
    expect(await chat.post(aMessage("x"), toChannel)).toMatchObject({ kind: "not-sent", retryAfterMs: 7000 });
    expect(slack.calls("chat.postMessage")).toBe(1);
    expect(slept).toEqual([]);
  });

  it("C2 does not repeat a post that Slack may have carried out before its 500", async () => {
    const { slack, chat } = await lab();
    slack.setFault({ kind: "500" });
    const sent = await chat.post(aMessage("x"), toChannel);
    expect(sent).toEqual({
      kind: "not-sent",
      reason: "Slack answered HTTP 500",
      retryAfterMs: null,
      mayHaveArrived: true,
    });
    expect(slack.calls("chat.postMessage")).toBe(1);
  });

  it("C2 repeats an edit once after a 500, since doing it twice does no harm", async () => {
    const { slack, chat } = await lab();
    const root = await posted(chat, "first");
    slack.setFault({ kind: "500", times: 1 });
    expect(await chat.update(aMessage("second"), root)).toMatchObject({ kind: "sent" });
    expect(slack.calls("chat.update")).toBe(2);
    expect(slept).toHaveLength(1);
  });

  it("C2 gives up on a Slack that hangs and says that the message may have arrived", async () => {
    const { slack, chat } = await lab();
    slack.setFault({ kind: "slow", delayMs: 60_000 });
    const sent = await chat.post(aMessage("x"), toChannel);
    expect(sent).toMatchObject({ kind: "not-sent", reason: expect.stringContaining("may have arrived") });
    expect(slack.calls("chat.postMessage")).toBe(1);
  });

  it("C2 sends without a link when only the link cannot be had", async () => {
    const server = createServer((request, response) => {
      const link = request.url?.includes("getPermalink") === true;
      response.writeHead(link ? 500 : 200, { "content-type": "application/json" });
      response.end(link ? "" : JSON.stringify({ ok: true, channel: "C1", ts: "1.000001" }));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    stops.push(async () => {
      server.close();
    });
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const sent = await chatOn(`http://127.0.0.1:${port}/api/`).post(aMessage("x"), toChannel);
    expect(sent).toEqual({ kind: "sent", receipt: { channel: "C1", ts: "1.000001", permalink: null } });
  });

  it("C2 survives a refused connection, tries once more and says so", async () => {
    const { slack } = await lab();
    await slack.stop();
    const sent = await chatOn(slack.apiUrl).post(aMessage("x"), toChannel);
    expect(sent).toMatchObject({ kind: "not-sent", reason: "Slack could not be reached: ECONNREFUSED" });
    expect(slept).toHaveLength(1);
  });

  it("C2 says of an edit that it may have arrived when only the second try was refused", async () => {
    const { slack, chat } = await lab();
    const root = await posted(chat, "first");
    slack.setFault({ kind: "slow", delayMs: 60_000, times: 1 });
    const stopped = createSlackChat({
      token: async () => slack.token,
      apiUrl: slack.apiUrl,
      clock: { ...clock, sleep: slack.stop },
      timeoutMs: 300,
    });
    expect(await stopped.update(aMessage("second"), root)).toMatchObject({
      reason: "Slack could not be reached: ECONNREFUSED",
      mayHaveArrived: true,
    });
  });

  it("C2 asks once for a token that cannot be read, and says that nothing was sent", async () => {
    const { slack } = await lab();
    let asked = 0;
    const token = async (): Promise<string> => {
      asked += 1;
      throw new Error("Secrets Manager did not answer within 3 s");
    };
    const sent = await createSlackChat({ token, apiUrl: slack.apiUrl, clock }).post(aMessage("x"), toChannel);
    expect(sent).toEqual({
      kind: "not-sent",
      reason: "the bot token cannot be read: Secrets Manager did not answer within 3 s",
      retryAfterMs: null,
      mayHaveArrived: false,
    });
    expect([asked, slept]).toEqual([1, []]);
  });

  it("C2 survives dropped connections and delivers once Slack is back", async () => {
    const { slack, chat } = await lab();
    slack.setFault({ kind: "down" });
    const lost = await chat.post(aMessage("lost"), toChannel);
    expect(lost).toMatchObject({ kind: "not-sent", retryAfterMs: null });
    slack.setFault({ kind: "none" });
    expect(await chat.post(aMessage("kept"), toChannel)).toMatchObject({ kind: "sent" });
    expect(slack.messages().map((message) => message.text)).toEqual([expect.stringContaining("kept")]);
  });

  it("C2 catches up with all lost messages of an incident after an outage", async () => {
    const { slack, chat } = await lab();
    let receipts = noReceipts;
    const [alarm, asked, approved, ...rest] = incidentStory();
    if (!alarm || !asked || !approved) throw new Error("the story is too short");
    receipts = await announce(chat, alarm.incident, alarm.now, receipts);
    slack.setFault({ kind: "down" });
    receipts = await announce(chat, asked.incident, asked.now, receipts);
    expect(receipts.failed).toHaveLength(1);
    slack.setFault({ kind: "none" });
    for (const chapter of [approved, ...rest]) {
      receipts = await announce(chat, chapter.incident, chapter.now, receipts);
    }
    expect(receipts.failed).toEqual([]);
    const texts = slack.messages().map((message) => message.text);
    expect(texts.filter((text) => text.startsWith("Approved:"))).toHaveLength(1);
    expect(texts.filter((text) => text.startsWith("What was seen"))).toHaveLength(1);
  });

  it.each([
    ["a channel that is not there", "#nowhere", "channel_not_found"],
    ["a channel the app was not invited to", "#general", "not_in_channel"],
  ])("C2 names Slack's error for %s", async (_name, channel, error) => {
    const { chat } = await lab();
    expect(await chat.post(aMessage("x"), { channel, thread: null })).toEqual({
      kind: "not-sent",
      reason: `Slack said ${error}`,
      retryAfterMs: null,
      mayHaveArrived: false,
    });
  });

  it("C2 names Slack's error when the edited message is gone or the token is wrong, without the token", async () => {
    const { slack, chat } = await lab();
    const gone = await chat.update(aMessage("x"), { channel: "C0DBINC01", ts: "1.000001", permalink: null });
    expect(gone).toMatchObject({ kind: "not-sent", reason: "Slack said message_not_found" });
    const wrong = await chatOn(slack.apiUrl, "xoxb-wrong").post(aMessage("x"), toChannel);
    expect(wrong).toMatchObject({ kind: "not-sent", reason: "Slack said invalid_auth" });
  });
});
