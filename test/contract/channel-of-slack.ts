import { onTestFinished } from "vitest";
import { createVirtualClock } from "../../functions/adapters/memory/virtual-clock.ts";
import type { createSlackChat } from "../../functions/adapters/slack/slack-chat.ts";
import { startSlack } from "../lab/slack/server.ts";

/** What the contract of a chat asks for, on a Slack of the test's own. */
export async function channelOfSlack(create: typeof createSlackChat) {
  const slack = await startSlack({ signingSecret: "lab-secret" });
  onTestFinished(slack.stop);
  let token = slack.token;
  const chat = create({
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
    behave: (mood: "well" | "refusing" | "rate-limited" | "silent") => {
      token = mood === "refusing" ? "xoxb-revoked" : slack.token;
      if (mood === "rate-limited") slack.setFault({ kind: "429", retryAfterSeconds: 1 });
      else if (mood === "silent") slack.setFault({ kind: "slow", delayMs: 60_000 });
      else slack.setFault({ kind: "none" });
    },
  };
}
