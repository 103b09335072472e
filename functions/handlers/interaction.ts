import * as z from "zod";
import {
  type Interaction,
  type InteractionRequest,
  isTooLarge,
  parseInteraction,
  rawBodyOf,
} from "../adapters/slack/interaction.ts";
import { ephemeralBody, parseSlashCommand } from "../adapters/slack/slash-command.ts";
import { messageOf } from "../core/errors.ts";
import { decideFailover, runPrefix } from "../core/failover/decide-failover.ts";
import type { RunStore } from "../core/failover/ports.ts";
import { looksUnsigned, verifySlackRequest } from "../core/policy/slack-signature.ts";
import { type AnnounceDeps, announce } from "../core/respond/announce.ts";
import { answerCommand, type CommandDeps } from "../core/respond/commands/answer-command.ts";
import { type ClickAnswer, type DecideDeps, decideApproval } from "../core/respond/decide-approval.ts";
import { requestUndo } from "../core/respond/request-undo.ts";
import * as wiring from "../wiring.ts";
import { failoverRuns } from "../wiring-failover-runs.ts";
import { lazily } from "./lazily.ts";

export interface InteractionDeps extends AnnounceDeps, DecideDeps, CommandDeps {
  /** With `fresh`, because a signature did not fit: it may have been rotated. */
  signingSecret(options?: { readonly fresh?: boolean }): Promise<string>;
  /** Of failovers: a card's button says to which it belongs. */
  readonly failoverRuns: Pick<RunStore, "get" | "save">;
  /** Tells the person who clicked, and nobody else. */
  answer(responseUrl: string, says: string): Promise<"sent" | "not-sent" | "not-slack">;
}

export interface HttpAnswer {
  readonly statusCode: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

const requestSchema = z.object({
  headers: z.record(z.string(), z.string().optional()),
  body: z.string().nullish(),
  isBase64Encoded: z.boolean().default(false),
});

/** Slack gives a click 3 s; editing the request with the decision may use this much of it. */
const editMs = 1500;
/** An acknowledgement reads and writes first. */
const boardMs = 800;
const json = { "content-type": "application/json; charset=utf-8" };

/**
 * One click on a button (A42), or one command (S7). Refused before anything is read when it cannot be Slack's; the signature is checked on
 * the raw body before anything else is read. When the answer is given, nothing goes on.
 */
export function createHandler(deps: InteractionDeps): (event: unknown) => Promise<HttpAnswer> {
  return async (event) => {
    const { body = null, ...rest } = requestSchema.parse(event);
    const request = { ...rest, body };
    if (isTooLarge(request)) return rejected(413, "too-large", deps);
    const genuine = await verify(request, deps);
    if (genuine !== "ok") return rejected(401, genuine, deps);
    const command = parseSlashCommand(request);
    if (command !== null) {
      const { says, incidentId } = await answerCommand(command, deps);
      if (incidentId !== null) await editCard(incidentId, deps, boardMs);
      return { statusCode: 200, headers: json, body: ephemeralBody(says) };
    }
    const click = parseInteraction(request);
    if (click.kind !== "decision" && click.kind !== "undo") {
      deps.log.warn("interaction.not-a-decision", { reason: click.reason });
      return { statusCode: click.kind === "malformed" ? 400 : 200, body: "" };
    }
    await decide(click, deps);
    return { statusCode: 200, body: "" };
  };
}

async function decide(
  click: Extract<Interaction, { kind: "decision" | "undo" }>,
  deps: InteractionDeps,
): Promise<void> {
  const { accepted, incidentId, says } = await decided(click, deps);
  if (accepted && incidentId !== null) await editCard(incidentId, deps);
  if (accepted || click.responseUrl === null) return;
  const told = await deps.answer(click.responseUrl, says);
  if (told !== "sent") deps.log.warn("interaction.not-answered", { result: told });
}

async function decided(
  click: Extract<Interaction, { kind: "decision" | "undo" }>,
  deps: InteractionDeps,
): Promise<ClickAnswer> {
  if (click.kind === "undo") return requestUndo(click, deps);
  if (!click.approvalId.startsWith(runPrefix)) return decideApproval(click, deps);
  const { approvers } = (await deps.settings.read()).policy;
  const { clock, failoverRuns: runs } = deps;
  const { approvalId: run, decision, by, messageTs } = click;
  const answer = await decideFailover({ run, decision, by, messageTs }, { runs, clock, approvers });
  deps.log.info("failover.clicked", { run, decision, by, accepted: answer.accepted });
  const { card } = answer;
  // Never throws, and the decision is recorded: a card that keeps its buttons, or an earlier one, refuses the next click.
  if (card !== undefined) await deps.chat.update(card.message, card.receipt, AbortSignal.timeout(editMs));
  return { ...answer, incidentId: null };
}

function rejected(statusCode: number, reason: string, { log }: InteractionDeps): HttpAnswer {
  log.warn("interaction.rejected", { reason });
  log.metric("InteractionsRejected", 1, "Count", { reason });
  return { statusCode, body: reason };
}

/**
 * The decision is recorded: that the card could not be edited now is no reason to tell the person it failed. What has
 * not been edited in time is ended, not left behind: a frozen function would send it with its next click, when the
 * incident has long gone on. The machine edits the card with its next step.
 */
async function editCard(incidentId: string, deps: InteractionDeps, budgetMs = editMs): Promise<void> {
  const cut = new AbortController();
  const edited = announce(incidentId, deps, {
    budgetMs,
    signal: cut.signal,
    editsOnly: true,
  }).catch((error: unknown) => {
    deps.log.warn("interaction.not-edited", { incidentId, reason: messageOf(error) });
  });
  const awake = new AbortController();
  const late = deps.clock.sleep(budgetMs, awake.signal).catch(() => undefined);
  await Promise.race([edited, late]);
  awake.abort();
  cut.abort();
  await edited;
}

async function verify(
  request: InteractionRequest,
  { signingSecret, clock }: InteractionDeps,
): Promise<Awaited<ReturnType<typeof verifySlackRequest>>> {
  const claimed = {
    timestamp: header(request.headers, "x-slack-request-timestamp"),
    signature: header(request.headers, "x-slack-signature"),
    nowSeconds: Math.floor(clock.now() / 1000),
  };
  const unsigned = looksUnsigned(claimed);
  if (unsigned !== null) return unsigned;
  const signed = { ...claimed, rawBody: rawBodyOf(request) };
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
    rds: wiring.rds(),
    chat: wiring.chat(),
    signingSecret: wiring.slackSigningSecret,
    failoverRuns: failoverRuns(),
    answer: wiring.answerClick,
  }),
);
