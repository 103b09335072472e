import { createHmac } from "node:crypto";
import { buttonsOf } from "./block-kit-rules.ts";
import type { ChannelState, LabMessage } from "./channel-state.ts";
import { team } from "./slack-methods.ts";

export interface LabUser {
  readonly id: string;
  readonly name: string;
}

export interface SignedRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface InteractionAnswer {
  readonly status: number;
  readonly body: string;
}

/** Where clicks go: over HTTP, or straight into a function that stands for the responder's ingress. */
export type InteractionReceiver = (request: SignedRequest) => Promise<InteractionAnswer>;

/** Slack shows a warning when the app has not answered by then. */
const answerWithinMs = 3000;

export function httpReceiver(url: () => string): InteractionReceiver {
  return async ({ headers, body }) => {
    const signal = AbortSignal.timeout(answerWithinMs);
    const response = await fetch(url(), { method: "POST", headers, body, signal });
    return { status: response.status, body: await response.text() };
  };
}

export interface ClickContext {
  readonly signingSecret: string;
  readonly now: number;
  /** Where the app may answer the person who clicked. */
  responseUrl(message: LabMessage, user: LabUser): string;
}

export interface Click {
  readonly value: string;
  readonly decision: ButtonId;
  readonly user: LabUser;
}

export type ButtonId = "approve" | "decline" | "undo";

/** A block_actions request as Slack sends it, signed. Throws when no message shows that button now. */
export function clickRequest(
  state: ChannelState,
  click: Click,
  { signingSecret, now, responseUrl }: ClickContext,
): SignedRequest {
  const message = state
    .messages()
    .find((one) => buttonsOf(one.blocks).some((button) => matches(button, click)));
  const button = buttonsOf(message?.blocks ?? []).find((one) => matches(one, click));
  if (message === undefined || button === undefined) {
    throw new Error(`no message shows a button ${click.decision} with value ${click.value}`);
  }
  const payload = {
    ...payloadOf(message, button, click.user, now),
    response_url: responseUrl(message, click.user),
  };
  const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
  return signed(body, signingSecret, now);
}

function matches(button: { action_id: string; value?: string | undefined }, click: Click): boolean {
  return button.value === click.value && button.action_id.split(":")[0] === click.decision;
}

/** A slash command as Slack sends it, signed. https://docs.slack.dev/interactivity/implementing-slash-commands */
export function commandRequest(
  { text, user }: { readonly text: string; readonly user: LabUser },
  { signingSecret, now, responseUrl }: Omit<ClickContext, "responseUrl"> & { readonly responseUrl: string },
): SignedRequest {
  const body = new URLSearchParams({
    ...{ token: "deprecated-verification-token", team_id: team.id, team_domain: "lab" },
    ...{ channel_id: "C0DBINC01", channel_name: "db-incidents", user_id: user.id, user_name: user.name },
    ...{ command: "/db", text, api_app_id: "A0LAB", is_enterprise_install: "false" },
    ...{ response_url: responseUrl, trigger_id: `${now}.${text.length}.lab` },
  }).toString();
  return signed(body, signingSecret, now);
}

/** https://docs.slack.dev/authentication/verifying-requests-from-slack */
function signed(body: string, signingSecret: string, now: number): SignedRequest {
  const timestamp = String(Math.floor(now / 1000));
  const digest = createHmac("sha256", signingSecret).update(`v0:${timestamp}:${body}`).digest("hex");
  return {
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      "user-agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
      "x-slack-request-timestamp": timestamp,
      "x-slack-signature": `v0=${digest}`,
    },
    body,
  };
}

function payloadOf(message: LabMessage, button: object, user: LabUser, now: number): object {
  const thread = message.threadTs === null ? {} : { thread_ts: message.threadTs };
  return {
    type: "block_actions",
    user: { id: user.id, username: user.name, name: user.name, team_id: team.id },
    api_app_id: "A0LAB",
    token: "deprecated-verification-token",
    container: {
      type: "message",
      message_ts: message.ts,
      channel_id: message.channel,
      is_ephemeral: false,
      ...thread,
    },
    trigger_id: `${now}.lab`,
    team,
    channel: { id: message.channel, name: "db-incidents" },
    message: { type: "message", ts: message.ts, text: message.text, blocks: message.blocks, ...thread },
    state: { values: {} },
    actions: [{ ...button, block_id: "actions", action_ts: (now / 1000).toFixed(6) }],
  };
}
