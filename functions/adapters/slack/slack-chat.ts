import { LogLevel, WebClient } from "@slack/web-api";
import type { Receipt } from "../../core/contract/incident.ts";
import type { Message } from "../../core/contract/message.ts";
import { messageOf, ResponderError } from "../../core/errors.ts";
import type { Chat, ChatResult, Clock } from "../../core/ports.ts";
import { toBlocks } from "./blocks.ts";
import { type CallFailure, failureOf, isTokenRefused } from "./call-failure.ts";
import { silentLogger } from "./silent-logger.ts";

export interface SlackChatOptions {
  /** Asked before each call; with `fresh`, because Slack has just refused the token. */
  readonly token: (options?: { readonly fresh?: boolean }) => Promise<string>;
  /** Base address of the Web API, with its trailing slash; Slack's own when absent. */
  readonly apiUrl?: string;
  readonly clock: Clock;
  /** Of one call; a post makes at most two, and one more of at most `permalinkTimeoutMs`. */
  readonly timeoutMs?: number;
  readonly permalinkTimeoutMs?: number;
}

const pauseBeforeRetryMs = 300;

/**
 * Slack by its own client, whose defaults (ten retries over half an hour, no time-out, sleeping on 429) would
 * hold an incident up. A call that Slack may have carried out is repeated only when doing it twice does no harm.
 */
export function createSlackChat(options: SlackChatOptions): Chat {
  const { clock } = options;
  const client = clientWith(options, options.timeoutMs ?? 5000);
  const permalinks = clientWith(options, options.permalinkTimeoutMs ?? 1500);
  const signedIn = withToken(options.token);

  async function permalinkOf(channel: string, ts: string): Promise<string | null> {
    try {
      const answer = await signedIn((token) =>
        permalinks.chat.getPermalink({ token, channel, message_ts: ts }),
      );
      return answer.permalink ?? null;
    } catch {
      // A message without a link is still a message.
      return null;
    }
  }

  async function post(
    message: Message,
    to: { channel: string; thread: Receipt | null },
  ): Promise<ChatResult> {
    const { blocks, text } = toBlocks(message);
    const place = to.thread === null ? {} : { thread_ts: to.thread.ts };
    const channel = to.thread?.channel ?? to.channel;
    const rest = { channel, text, blocks, ...place, unfurl_links: false, unfurl_media: false };
    const call = () => signedIn((token) => client.chat.postMessage({ token, ...rest }));
    const answer = await attempt(call, clock, (failure) => failure.again === "refused");
    if (answer.kind === "failed") return notSent(answer.failure);
    const { ts, channel: channelId } = answer.value;
    if (ts === undefined) return { kind: "not-sent", reason: "Slack gave no ts", retryAfterMs: null };
    const where = channelId ?? channel;
    const permalink = wantsLink(message, to.thread) ? await permalinkOf(where, ts) : null;
    return { kind: "sent", receipt: { channel: where, ts, permalink } };
  }

  async function update(message: Message, receipt: Receipt): Promise<ChatResult> {
    const { blocks, text } = toBlocks(message);
    const edit = { channel: receipt.channel, ts: receipt.ts, text, blocks };
    const call = () => signedIn((token) => client.chat.update({ token, ...edit }));
    const answer = await attempt(call, clock, (failure) => failure.again !== "never");
    return answer.kind === "failed" ? notSent(answer.failure) : { kind: "sent", receipt };
  }

  return { post: neverThrowing(post), update: neverThrowing(update) };
}

/** Links are followed to the incident and to its requests; a link to every line of a thread is not worth a call. */
function wantsLink(message: Message, thread: Receipt | null): boolean {
  return thread === null || message.buttons.length > 0;
}

function clientWith(options: SlackChatOptions, timeout: number): WebClient {
  return new WebClient(undefined, {
    ...(options.apiUrl === undefined ? {} : { slackApiUrl: options.apiUrl }),
    retryConfig: { retries: 0 },
    timeout,
    rejectRateLimitedCalls: true,
    allowAbsoluteUrls: false,
    logger: silentLogger(LogLevel.ERROR),
  });
}

/** A token that Slack refuses may have been rotated: it is read again once, and used when it is another one. */
function withToken(token: SlackChatOptions["token"]): <T>(call: (token: string) => Promise<T>) => Promise<T> {
  return async (call) => {
    const first = await readable(token());
    try {
      return await call(first);
    } catch (error) {
      if (!isTokenRefused(error)) throw error;
      const second = await readable(token({ fresh: true }));
      if (second === first) throw error;
      return call(second);
    }
  };
}

async function readable(token: Promise<string>): Promise<string> {
  try {
    return await token;
  } catch (cause) {
    throw new ResponderError(`the bot token cannot be read: ${messageOf(cause)}`, { cause });
  }
}

type Answer<T> =
  | { readonly kind: "answered"; readonly value: T }
  | { readonly kind: "failed"; readonly failure: CallFailure };

/** One call and, where `mayRepeat` says so, one more. */
async function attempt<T>(
  call: () => Promise<T>,
  clock: Clock,
  mayRepeat: (failure: CallFailure) => boolean,
): Promise<Answer<T>> {
  const first = await once(call);
  if (first.kind === "answered" || !mayRepeat(first.failure)) return first;
  await clock.sleep(pauseBeforeRetryMs);
  return once(call);
}

async function once<T>(call: () => Promise<T>): Promise<Answer<T>> {
  try {
    return { kind: "answered", value: await call() };
  } catch (error) {
    return { kind: "failed", failure: failureOf(error) };
  }
}

function notSent(failure: CallFailure): ChatResult {
  return { kind: "not-sent", reason: failure.reason, retryAfterMs: failure.retryAfterMs };
}

/** The port's promise: whatever is wrong with a message must not stop an incident. */
function neverThrowing<Args extends readonly unknown[]>(
  send: (...args: Args) => Promise<ChatResult>,
): (...args: Args) => Promise<ChatResult> {
  return async (...args) => {
    try {
      return await send(...args);
    } catch (error) {
      return notSent(failureOf(error));
    }
  };
}
