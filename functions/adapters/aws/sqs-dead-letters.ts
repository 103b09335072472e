import { SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { Rejection } from "../../core/contract/signal.ts";
import type { DeadLetters } from "../../core/ports.ts";

/** Under the 256 KiB that every queue takes, with room for the message's attributes. */
const maxBodyBytes = 200 * 1024;

/** What could not be understood, with the reason, the code and the field, as one JSON message each. */
export function createSqsDeadLetters({
  client,
  queueUrl,
}: {
  readonly client: SQSClient;
  readonly queueUrl: string;
}): DeadLetters {
  return {
    send: async (rejection) => {
      await client.send(
        new SendMessageCommand({
          QueueUrl: queueUrl,
          MessageBody: bodyOf(rejection),
          MessageAttributes: { code: { DataType: "String", StringValue: rejection.code } },
        }),
      );
    },
  };
}

/** `raw` is the event itself while that fits, and else the beginning of its text with its size. */
function bodyOf({ code, reason, field, raw }: Rejection): string {
  const head = { code, reason: cut(reason, 4096), field: field === null ? null : cut(field, 1024) };
  const json = jsonOf(raw);
  const whole = allowed(
    JSON.stringify({ ...head, raw: json === null ? String(raw) : raw, truncated: false }),
  );
  if (bytesOf(whole) <= maxBodyBytes) return whole;
  const text = typeof raw === "string" ? raw : (json ?? String(raw));
  // JSON may write one byte as six ("\u0000"): the cut shrinks until it fits.
  for (let keep = maxBodyBytes; ; keep = Math.floor(keep / 2)) {
    const part = { ...head, raw: cut(text, keep), truncated: true, rawBytes: bytesOf(text) };
    const body = allowed(JSON.stringify(part));
    if (bytesOf(body) <= maxBodyBytes) return body;
  }
}

/** Null for what JSON cannot write: a circular event, a BigInt, undefined. */
function jsonOf(raw: unknown): string | null {
  try {
    return JSON.stringify(raw) ?? null;
  } catch {
    return null;
  }
}

function bytesOf(text: string): number {
  return Buffer.byteLength(text, "utf8");
}

function cut(text: string, characters: number): string {
  return text.length <= characters ? text : text.slice(0, characters);
}

/**
 * SQS refuses U+FFFE and U+FFFF; JSON.stringify leaves them as they are.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 */
function allowed(json: string): string {
  return json.replaceAll("\uFFFE", "\\ufffe").replaceAll("\uFFFF", "\\uffff");
}
