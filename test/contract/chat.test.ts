import { describe, onTestFinished } from "vitest";
import { createMemoryChat } from "../../functions/adapters/memory/memory-chat.ts";
import { createVirtualClock } from "../../functions/adapters/memory/virtual-clock.ts";
import { createSlackChat } from "../../functions/adapters/slack/slack-chat.ts";
import { startSlack } from "../lab/slack/server.ts";
import { chatContract } from "./chat.contract.ts";

describe("a channel in memory", () => {
  chatContract(async () => {
    const chat = createMemoryChat({ clock: createVirtualClock() });
    const moods = {
      well: { kind: "well" },
      refusing: { kind: "failing", reason: "channel_not_found" },
      "rate-limited": { kind: "rate-limited", retryAfterMs: 1000 },
      silent: { kind: "unanswered" },
    } as const;
    return {
      chat,
      channel: "#db-incidents",
      headlines: () => chat.messages.map(({ message }) => message.headline),
      behave: (mood) => chat.behave(moods[mood]),
    };
  });
});

describe("a channel of Slack", () => {
  chatContract(async () => {
    const slack = await startSlack({ signingSecret: "lab-secret" });
    onTestFinished(slack.stop);
    let token = slack.token;
    const chat = createSlackChat({
      token: async () => token,
      apiUrl: slack.apiUrl,
      clock: createVirtualClock(),
      timeoutMs: 300,
      permalinkTimeoutMs: 200,
    });
    return {
      chat,
      channel: "#db-incidents",
      headlines: () => slack.messages().map(({ text }) => /\S+$/m.exec(text)?.[0] ?? ""),
      behave: (mood) => {
        token = mood === "refusing" ? "xoxb-revoked" : slack.token;
        if (mood === "rate-limited") slack.setFault({ kind: "429", retryAfterSeconds: 1 });
        else if (mood === "silent") slack.setFault({ kind: "slow", delayMs: 60_000 });
        else slack.setFault({ kind: "none" });
      },
    };
  });
});
