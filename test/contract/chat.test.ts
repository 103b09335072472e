import { describe } from "vitest";
import { createMemoryChat } from "../../functions/adapters/memory/memory-chat.ts";
import { createVirtualClock } from "../../functions/adapters/memory/virtual-clock.ts";
import { createSlackChat } from "../../functions/adapters/slack/slack-chat.ts";
import { channelOfSlack } from "./channel-of-slack.ts";
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
  chatContract(() => channelOfSlack(createSlackChat));
});
