import { createHmac } from "node:crypto";
import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import type { WebhookAnswer, WebhookRequest, Webhooks } from "../../core/change-ports.ts";
import { messageOf } from "../../core/errors.ts";
import type { Clock } from "../../core/ports.ts";
import { AddressRefused, lookupAllowed, type Reach, urlRefusal } from "./called-address.ts";
import { readStart } from "./read-start.ts";
import { resolveRefusal } from "./resolve-refusal.ts";

const maxAttempts = 3;
const firstPauseMs = 500;
/** Nobody can have read the request. */
const neverArrived: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
]);

interface Deps extends Pick<Reach, "loopbackIsInside"> {
  secretOf(arn: string): Promise<string>;
  readonly clock: Clock;
  random(): number;
  /** How long one attempt may take, from the name to the end of what is read of the answer. */
  readonly attemptMs?: number;
}

export function createHttpWebhooks(deps: Deps): Webhooks {
  const { secretOf, clock, random, attemptMs = 5000, loopbackIsInside = false } = deps;
  return {
    refuses: ({ url, allowPrivate }) => resolveRefusal({ url, allowPrivate, loopbackIsInside }),
    call: async (request, signal) => {
      let secret: string;
      try {
        secret = await secretOf(request.secretArn);
      } catch (error) {
        return { kind: "not-sent", says: `its secret could not be read (${messageOf(error)})` };
      }
      const reach = { allowPrivate: request.allowPrivate, loopbackIsInside };
      let mayHaveArrived = false;
      for (let attempt = 1; ; attempt += 1) {
        const headers = headersOf(request, secret, clock.now());
        const answer = await callOnce({ ...request, headers, reach, attemptMs }, signal);
        const isLast = attempt === maxAttempts || signal?.aborted === true || !isWorthAnother(answer);
        if (isLast) return told(answer, attempt, mayHaveArrived);
        mayHaveArrived ||= answer.kind !== "not-sent";
        const pause = firstPauseMs * 2 ** (attempt - 1);
        // Half of it by chance: those whom one outage has stopped do not all come back in one moment.
        await clock.sleep(pause / 2 + (random() * pause) / 2);
      }
    },
  };
}

type Attempted = WebhookAnswer & { readonly timedOut?: true };

/** Of a 5xx it is known anyway that nobody knows. */
function isNo(status: number): boolean {
  return status < 200 || (status >= 300 && status < 500);
}

function isWorthAnother(answer: Attempted): boolean {
  return answer.timedOut === true || (answer.kind === "answered" && answer.status >= 500);
}

/**
 * What the last attempt could not have done an earlier one may have: an application that has acted and is asked again
 * with the id that it has seen says no to the second one only.
 */
function told(answer: Attempted, attempts: number, mayHaveArrived: boolean): WebhookAnswer {
  const { timedOut: _, ...last } = answer;
  const says = attempts === 1 ? last.says : `${last.says} (attempt ${attempts} of ${maxAttempts})`;
  if (last.kind === "answered" && mayHaveArrived && isNo(last.status)) {
    const no = `${last.status}${says === "" ? "" : `: ${says}`}`;
    return { kind: "not-known", says: `${no}; an attempt before that one may have been carried out` };
  }
  if (last.kind === "not-sent" && mayHaveArrived) return { kind: "not-known", says };
  return { ...last, says };
}

/**
 * As the Standard Webhooks have it, so that the application need not write its own check: HMAC-SHA256 over id, timestamp
 * and body; whoever receives it refuses a timestamp that is older than some minutes, and an id that it has seen.
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
function headersOf({ id, body }: WebhookRequest, secret: string, now: number): Record<string, string> {
  const timestamp = String(Math.floor(now / 1000));
  const key = secret.startsWith("whsec_") ? Buffer.from(secret.slice(6), "base64") : Buffer.from(secret);
  const signature = createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64");
  return {
    "content-type": "application/json",
    "content-length": String(Buffer.byteLength(body)),
    "idempotency-key": id,
    "user-agent": "rds-responder",
    "webhook-id": id,
    "webhook-timestamp": timestamp,
    "webhook-signature": `v1,${signature}`,
  };
}

interface Attempt extends Pick<WebhookRequest, "url" | "body"> {
  readonly headers: Record<string, string>;
  readonly reach: Reach;
  readonly attemptMs: number;
}

async function callOnce(
  { url: address, body, headers, reach, attemptMs }: Attempt,
  signal: AbortSignal | undefined,
): Promise<Attempted> {
  const url = new URL(address);
  const why = urlRefusal(url, reach);
  if (why !== null) return { kind: "not-sent", says: why };
  const timeout = AbortSignal.timeout(attemptMs);
  const signals = signal === undefined ? [timeout] : [timeout, signal];
  try {
    return await send(url, body, {
      ...{ method: "POST", headers, lookup: lookupAllowed(reach), signal: AbortSignal.any(signals) },
      ...{ agent: false, maxHeaderSize: 8192 },
    });
  } catch (error) {
    if (timeout.aborted) return { kind: "not-known", says: "no answer came in time", timedOut: true };
    const says =
      error instanceof AddressRefused ? error.message : `the connection failed: ${messageOf(error)}`;
    return { kind: isUnheard(error) ? "not-sent" : "not-known", says };
  }
}

function isUnheard(error: unknown): boolean {
  if (error instanceof AddressRefused) return true;
  return error instanceof Error && "code" in error && neverArrived.has(String(error.code));
}

/** No redirect is followed: an answer is what this address says. */
function send(url: URL, body: string, options: Parameters<typeof requestHttps>[1]): Promise<WebhookAnswer> {
  const request = url.protocol === "https:" ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const sent = request(url, options, (answer) => {
      readStart(answer).then(
        (says) => resolve({ kind: "answered", status: answer.statusCode ?? 0, says }),
        reject,
      );
    });
    sent.on("error", reject);
    sent.end(body);
  });
}
