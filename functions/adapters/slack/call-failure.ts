import {
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
} from "@slack/web-api";

import { ResponderError } from "../../core/errors.ts";

export interface CallFailure {
  readonly reason: string;
  readonly retryAfterMs: number | null;
  /**
   * never: a second try cannot succeed or comes too early; refused: Slack has certainly not carried it out;
   * unknown: it may have, so only a call that can be made twice is made again.
   */
  readonly again: "never" | "refused" | "unknown";
}

/** Slack's errors that are its own trouble, not the caller's. https://docs.slack.dev/reference/methods/chat.postMessage */
const slackTrouble = new Set(["internal_error", "fatal_error", "service_unavailable", "request_timeout"]);

/** The connection was never made, so nothing was carried out. */
const notConnected = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH"]);

/** Slack does not take the token. https://docs.slack.dev/reference/methods/auth.test#errors */
const tokenRefused = new Set([
  "invalid_auth",
  "not_authed",
  "token_revoked",
  "token_expired",
  "account_inactive",
]);

export function isTokenRefused(error: unknown): boolean {
  return error instanceof WebAPIPlatformError && tokenRefused.has(error.data.error);
}

/** What went wrong with a call, as a sentence and as what may be done about it. Names no token. */
export function failureOf(error: unknown): CallFailure {
  if (error instanceof WebAPIRateLimitedError) {
    const reason = `Slack asks to slow down for ${error.retryAfter} s (429)`;
    return { reason, retryAfterMs: error.retryAfter * 1000, again: "never" };
  }
  if (error instanceof WebAPIPlatformError) return platformFailure(error);
  if (error instanceof WebAPIHTTPError) {
    return { reason: `Slack answered HTTP ${error.statusCode}`, retryAfterMs: null, again: "unknown" };
  }
  return transportFailure(error instanceof WebAPIRequestError ? error.original : error);
}

function platformFailure(error: WebAPIPlatformError): CallFailure {
  const code = error.data.error.slice(0, 200);
  const details = (error.data.response_metadata?.messages ?? []).slice(0, 3).join("; ").slice(0, 500);
  const reason = details === "" ? `Slack said ${code}` : `Slack said ${code}: ${details}`;
  if (code === "ratelimited" || code === "rate_limited") {
    const seconds = error.data.response_metadata?.retryAfter ?? 1;
    return { reason, retryAfterMs: seconds * 1000, again: "never" };
  }
  return { reason, retryAfterMs: null, again: slackTrouble.has(code) ? "unknown" : "never" };
}

function transportFailure(error: unknown): CallFailure {
  if (error instanceof ResponderError) {
    return { reason: error.message.slice(0, 300), retryAfterMs: null, again: "refused" };
  }
  if (error instanceof Error && error.name === "TimeoutError") {
    return {
      reason: "Slack did not answer in time; the message may have arrived anyway",
      retryAfterMs: null,
      again: "unknown",
    };
  }
  if (error instanceof Error && error.name === "AbortError") {
    return {
      reason: "no time was left to wait for Slack; the message may have arrived anyway",
      retryAfterMs: null,
      again: "unknown",
    };
  }
  const code = codeOf(error);
  const words = error instanceof Error ? error.message : String(error);
  const reason = `Slack could not be reached: ${code ?? words}`.slice(0, 300);
  return {
    reason,
    retryAfterMs: null,
    again: code !== null && notConnected.has(code) ? "refused" : "unknown",
  };
}

/** fetch hides the socket's error code in a chain of causes; several addresses tried give an AggregateError. */
function codeOf(error: unknown, depth = 0): string | null {
  if (!(error instanceof Error) || depth > 5) return null;
  if ("code" in error && typeof error.code === "string") return error.code;
  if (error instanceof AggregateError) return codeOf(error.errors[0], depth + 1);
  return codeOf(error.cause, depth + 1);
}
