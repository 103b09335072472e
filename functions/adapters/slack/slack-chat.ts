import { LogLevel, WebClient } from "@slack/web-api";
import type { Chat, ChatResult } from "../../core/chat-port.ts";
import type { Receipt } from "../../core/contract/incident.ts";
import type { Message } from "../../core/contract/message.ts";
import { messageOf, ResponderError } from "../../core/errors.ts";
import type { Clock } from "../../core/ports.ts";
import { toBlocks } from "./blocks.ts";
import { type CallFailure, failureOf, isTokenRefused } from "./call-failure.ts";
import { silentLogger } from "./silent-logger.ts";
import { unlessEnded } from "./unless-ended.ts";

export interface SlackChatOptions {
  /** Asked before each call; with `fresh`, because Slack has just refused the token. */
  readonly token: (options?: { readonly fresh?: boolean }) => Promise<string>;
  /** Base address of the Web API, with its trailing slash; Slack's own when absent. */
  readonly apiUrl?: string;
  readonly clock: Clock;
  /** Of one call; a post makes at most two, and one more of at most `permalinkTimeoutMs`. The token comes on top. */
  readonly timeoutMs?: number;
  readonly permalinkTimeoutMs?: number;
}

const pauseBeforeRetryMs = 300;

/**
 * Slack by its own client, whose defaults (ten retries over half an hour, no time-out, sleeping on 429) would
 * hold an incident up. A call that Slack may have carried out is repeated only when doing it twice does no harm.
 */
export function createSlackChat(options: SlackChatOptions): Chat {
  const signedIn = withToken(options.token);

  async function permalinkOf(channel: string, ts: string, signal?: AbortSignal): Promise<string | null> {
    const { chat } = clientWith(options, options.permalinkTimeoutMs ?? 1500, signal);
    try {
      const answer = await signedIn((token) => chat.getPermalink({ token, channel, message_ts: ts }), signal);
      return answer.permalink ?? null;
    } catch {
      // A message without a link is still a message.
      return null;
    }
  }

  async function post(
    message: Message,
    to: { channel: string; thread: Receipt | null },
    signal?: AbortSignal,
  ): Promise<ChatResult> {
    const { chat } = clientWith(options, options.timeoutMs ?? 5000, signal);
    const { blocks, text } = toBlocks(message);
    const place = to.thread === null ? {} : { thread_ts: to.thread.ts };
    const channel = to.thread?.channel ?? to.channel;
    const rest = { channel, text, blocks, ...place, unfurl_links: false, unfurl_media: false };
    const call = () => signedIn((token) => chat.postMessage({ token, ...rest }), signal);
    const answer = await attempt(call, options.clock, (failure) => failure.again === "refused", signal);
    if (answer.kind === "failed") return notSent(answer.failure);
    const { ts, channel: channelId } = answer.value;
    if (ts === undefined)
      return notSent({ reason: "Slack gave no ts", retryAfterMs: null, again: "unknown" });
    const where = channelId ?? channel;
    const permalink = wantsLink(message, to.thread) ? await permalinkOf(where, ts, signal) : null;
    return { kind: "sent", receipt: { channel: where, ts, permalink } };
  }

  async function update(message: Message, receipt: Receipt, signal?: AbortSignal): Promise<ChatResult> {
    const { chat } = clientWith(options, options.timeoutMs ?? 5000, signal);
    const { blocks, text } = toBlocks(message);
    const edit = { channel: receipt.channel, ts: receipt.ts, text, blocks };
    const call = () => signedIn((token) => chat.update({ token, ...edit }), signal);
    const answer = await attempt(call, options.clock, (failure) => failure.again !== "never", signal);
    return answer.kind === "failed" ? notSent(answer.failure) : { kind: "sent", receipt };
  }

  return { post: neverThrowing(post), update: neverThrowing(update) };
}

/** Links are followed to the incident and to its requests; a link to every line of a thread is not worth a call. */
function wantsLink(message: Message, thread: Receipt | null): boolean {
  return thread === null || message.buttons.length > 0;
}

/** A client a call: it is how a call learns of the signal that ends it, and it keeps nothing from one to the next. */
function clientWith(options: SlackChatOptions, timeout: number, signal?: AbortSignal): WebClient {
  return new WebClient(undefined, {
    ...(signal === undefined ? {} : { fetch: fetchUntil(signal) }),
    ...(options.apiUrl === undefined ? {} : { slackApiUrl: options.apiUrl }),
    retryConfig: { retries: 0 },
    timeout,
    rejectRateLimitedCalls: true,
    allowAbsoluteUrls: false,
    logger: silentLogger(LogLevel.ERROR),
  });
}

function fetchUntil(signal: AbortSignal): typeof fetch {
  return (url, init = {}) => {
    const signals = init.signal ? [signal, init.signal] : [signal];
    return fetch(url, { ...init, signal: AbortSignal.any(signals) });
  };
}

type SignedIn = <T>(call: (token: string) => Promise<T>, signal?: AbortSignal) => Promise<T>;

/** A token that Slack refuses may have been rotated: it is read again once, and used when it is another one. */
function withToken(read: SlackChatOptions["token"]): SignedIn {
  return async (call, signal) => {
    const first = await unlessEnded(() => readable(read()), signal);
    try {
      return await call(first);
    } catch (error) {
      if (!isTokenRefused(error)) throw error;
      const second = await unlessEnded(() => readable(read({ fresh: true })), signal);
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
  signal?: AbortSignal,
): Promise<Answer<T>> {
  const first = await once(call);
  if (first.kind === "answered" || signal?.aborted || !mayRepeat(first.failure)) return first;
  try {
    await clock.sleep(pauseBeforeRetryMs, signal);
  } catch {
    return first;
  }
  const second = await once(call);
  if (second.kind === "answered" || first.failure.again !== "unknown") return second;
  // What the second answer says of itself does not unmake the first call.
  return { kind: "failed", failure: { ...second.failure, again: "unknown" } };
}

async function once<T>(call: () => Promise<T>): Promise<Answer<T>> {
  try {
    return { kind: "answered", value: await call() };
  } catch (error) {
    return { kind: "failed", failure: failureOf(error) };
  }
}

function notSent(failure: CallFailure): ChatResult {
  const { reason, retryAfterMs, again } = failure;
  return { kind: "not-sent", reason, retryAfterMs, mayHaveArrived: again === "unknown" };
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
