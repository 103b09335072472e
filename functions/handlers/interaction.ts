import * as z from "zod";
import { answerClick } from "../adapters/slack/answer-click.ts";
import { type InteractionRequest, parseInteraction, rawBodyOf } from "../adapters/slack/interaction.ts";
import { messageOf } from "../core/errors.ts";
import { verifySlackRequest } from "../core/policy/slack-signature.ts";
import { type AnnounceDeps, announce } from "../core/respond/announce.ts";
import { type DecideDeps, decideApproval } from "../core/respond/decide-approval.ts";
import * as wiring from "../wiring.ts";
import { lazily } from "./lazily.ts";

export interface InteractionDeps extends AnnounceDeps, DecideDeps {
  /** With `fresh`, because a signature did not fit: it may have been rotated. */
  signingSecret(options?: { readonly fresh?: boolean }): Promise<string>;
  /** Tells the person who clicked, and nobody else. */
  answer(responseUrl: string, says: string): Promise<void>;
}

export interface HttpAnswer {
  readonly statusCode: number;
  readonly body: string;
}

const requestSchema = z.object({
  headers: z.record(z.string(), z.string().optional()),
  body: z.string().nullish(),
  isBase64Encoded: z.boolean().default(false),
});

/** Slack gives a click 3 s; editing the request with the decision may use this much of it. */
const editMs = 1500;

/** One click on a button (A42). The signature is checked on the raw body before anything else is read. */
export function createHandler(deps: InteractionDeps): (event: unknown) => Promise<HttpAnswer> {
  return async (event) => {
    const { body = null, ...rest } = requestSchema.parse(event);
    const request = { ...rest, body };
    const genuine = await verify(request, deps);
    if (genuine !== "ok") {
      deps.log.warn("interaction.rejected", { reason: genuine });
      return { statusCode: 401, body: genuine };
    }
    const click = parseInteraction(request);
    if (click.kind !== "decision") {
      deps.log.warn("interaction.not-a-decision", { reason: click.reason });
      return { statusCode: click.kind === "malformed" ? 400 : 200, body: "" };
    }
    const answer = await decideApproval(click, deps);
    if (answer.incidentId !== null && answer.accepted) {
      // The decision is recorded: that the card could not be edited now is no reason to tell the person it failed.
      const edited = announce(answer.incidentId, deps).catch((error: unknown) => {
        deps.log.warn("interaction.not-edited", { approvalId: click.approvalId, reason: messageOf(error) });
      });
      await Promise.race([edited, deps.clock.sleep(editMs)]);
    }
    if (!answer.accepted && click.responseUrl !== null) await deps.answer(click.responseUrl, answer.says);
    return { statusCode: 200, body: "" };
  };
}

async function verify(
  request: InteractionRequest,
  { signingSecret, clock }: InteractionDeps,
): Promise<Awaited<ReturnType<typeof verifySlackRequest>>> {
  const signed = {
    timestamp: header(request.headers, "x-slack-request-timestamp"),
    signature: header(request.headers, "x-slack-signature"),
    rawBody: rawBodyOf(request),
    nowSeconds: Math.floor(clock.now() / 1000),
  };
  const first = await verifySlackRequest({ ...signed, signingSecret: await signingSecret() });
  if (first !== "bad-signature") return first;
  return verifySlackRequest({ ...signed, signingSecret: await signingSecret({ fresh: true }) });
}

function header(headers: Readonly<Record<string, string | undefined>>, name: string): string {
  return Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1] ?? "";
}

export const handler = lazily(() =>
  createHandler({
    ...wiring.basics(),
    incidents: wiring.incidents(),
    settings: wiring.settings(),
    workflow: wiring.workflow(),
    chat: wiring.chat(),
    signingSecret: wiring.slackSigningSecret,
    answer: answerClick,
  }),
);
