import { expect, onTestFinished } from "vitest";
import { answerClick } from "../../functions/adapters/slack/answer-click.ts";
import { createSlackChat } from "../../functions/adapters/slack/slack-chat.ts";
import { createHandler } from "../../functions/handlers/interaction.ts";
import { startInteractionServer } from "../lab/demo/interaction-server.ts";
import type { PostgresServer } from "../lab/engines/lab-server.ts";
import { dana, startSlack } from "../lab/slack/server.ts";
import { createSkippingClock } from "../support/skipping-clock.ts";
import { responderFor } from "./for-one-test.ts";
import { approver, type BankLabOptions } from "./support.ts";

const signingSecret = "lab-signing-secret";
export const helper = { id: "U0HELPER", name: "helper" };

/** Slack's stand-in posts signed requests over HTTP; the answers come back the same way. */
export async function slackRoom(server: PostgresServer, definition: object, options: BankLabOptions) {
  let url = "";
  const slack = await startSlack({ signingSecret, interactionUrl: () => url });
  onTestFinished(slack.stop);
  const clock = createSkippingClock();
  const chat = createSlackChat({ token: async () => slack.token, apiUrl: slack.apiUrl, clock });
  const settings = {
    policy: { approvers: [approver], pauseAfterActionSeconds: 0 },
    slack: { users: [helper.id] },
  };
  const lab = responderFor(server, definition, { chat, settings, ...options });
  const interactions = await startInteractionServer(
    createHandler({ ...lab.deps, answer: (to, says) => answerClick(to, says, slack.apiUrl) }),
  );
  onTestFinished(interactions.stop);
  url = interactions.url;
  const ask = async (text: string, user = dana): Promise<string> => {
    const { status, body } = await slack.command(text, user);
    expect(status).toBe(200);
    const answer: { response_type: string; text: string } = JSON.parse(body);
    expect(answer.response_type).toBe("ephemeral");
    return answer.text;
  };
  return { slack, lab, ask };
}
