export interface SlackRequest {
  readonly signingSecret: string;
  /** Header X-Slack-Request-Timestamp, as received. */
  readonly timestamp: string | undefined;
  /** The body as it came over the wire, decoded from base64 if the gateway encoded it, and not parsed. */
  readonly rawBody: string;
  /** Header X-Slack-Signature, as received. */
  readonly signature: string | undefined;
  readonly nowSeconds: number;
}

export type SlackVerdict = "ok" | "too-old" | "bad-signature" | "malformed";

const ageLimitSeconds = 300;

/**
 * What is wrong before any secret is needed: whoever knows no signature is turned away at once, and costs nothing that
 * a real click would need.
 */
export function looksUnsigned({
  timestamp,
  signature,
  nowSeconds,
}: Pick<SlackRequest, "timestamp" | "signature" | "nowSeconds">): "malformed" | "too-old" | null {
  const shaped = /^v0=[0-9a-f]{64}$/.test(signature ?? "") && /^\d{1,15}$/.test(timestamp ?? "");
  if (!shaped) return "malformed";
  return Math.abs(nowSeconds - Number(timestamp)) <= ageLimitSeconds ? null : "too-old";
}

/**
 * Slack's v0 request signature. The age limit does not stop a replay within it: whoever acts on the request records
 * each decision once. https://docs.slack.dev/authentication/verifying-requests-from-slack
 */
export async function verifySlackRequest({
  signingSecret,
  timestamp,
  rawBody,
  signature,
  nowSeconds,
}: SlackRequest): Promise<SlackVerdict> {
  const digest = bytesOfHex(/^v0=([0-9a-f]{64})$/.exec(signature ?? "")?.[1]);
  const unsigned = looksUnsigned({ timestamp, signature, nowSeconds });
  // An empty secret would be one that everybody knows.
  if (unsigned !== "malformed" && signingSecret === "") return "bad-signature";
  if (unsigned !== null) return unsigned;
  if (digest === null) return "malformed";
  const encode = new TextEncoder();
  const algorithm = { name: "HMAC", hash: "SHA-256" } as const;
  const key = await crypto.subtle.importKey("raw", encode.encode(signingSecret), algorithm, false, [
    "verify",
  ]);
  // `verify` compares in constant time: https://w3c.github.io/webcrypto/#hmac-operations-verify
  const same = await crypto.subtle.verify("HMAC", key, digest, encode.encode(`v0:${timestamp}:${rawBody}`));
  return same ? "ok" : "bad-signature";
}

function bytesOfHex(hex: string | undefined): Uint8Array<ArrayBuffer> | null {
  if (hex === undefined) return null;
  const bytes = new Uint8Array(hex.length / 2);
  for (let index = 0; index < bytes.length; index += 1) {
    bytes[index] = Number.parseInt(hex.slice(2 * index, 2 * index + 2), 16);
  }
  return bytes;
}
