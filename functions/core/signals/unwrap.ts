import type { Rejection } from "../contract/signal.ts";
import { messageOf } from "../errors.ts";
import { describeValue, quote } from "./rejection.ts";
import { isRecord } from "./shapes.ts";

export type Wrapped =
  | { readonly kind: "not-wrapped" }
  | { readonly kind: "wrapped"; readonly inner: unknown; readonly topicArn: string | null }
  | {
      readonly kind: "refused";
      readonly code: Rejection["code"];
      readonly reason: string;
      readonly field: string;
    };

/**
 * What lies inside a record of SQS (`body`), a record of SNS (`Sns.Message`) or a notification of SNS that travelled
 * through a queue (`Message`). All three carry JSON as text.
 */
export function unwrap(value: Readonly<Record<string, unknown>>): Wrapped {
  if (value["eventSource"] === "aws:sqs") return parseText("SQS body", "body", value["body"], null);
  if (value["EventSource"] === "aws:sns" || isRecord(value["Sns"])) return unwrapSnsRecord(value["Sns"]);
  if (value["Type"] === "Notification" && typeof value["TopicArn"] === "string") {
    return parseText("SNS message", "Message", value["Message"], value["TopicArn"]);
  }
  return { kind: "not-wrapped" };
}

function unwrapSnsRecord(sns: unknown): Wrapped {
  if (!isRecord(sns)) {
    return { kind: "refused", code: "wrong-shape", reason: "SNS record: Sns is not an object", field: "Sns" };
  }
  const topicArn = typeof sns["TopicArn"] === "string" ? sns["TopicArn"] : null;
  return parseText("SNS message", "Sns.Message", sns["Message"], topicArn);
}

function parseText(what: string, field: string, text: unknown, topicArn: string | null): Wrapped {
  if (typeof text !== "string") {
    return {
      kind: "refused",
      code: "wrong-shape",
      reason: `${what}: ${field}: expected JSON as text, got ${describeValue(text)}`,
      field,
    };
  }
  try {
    return { kind: "wrapped", inner: JSON.parse(text), topicArn };
  } catch (error) {
    const reason = `${what}: ${quote(text)} is not JSON: ${messageOf(error).slice(0, 200)}`;
    return { kind: "refused", code: "not-json", reason, field };
  }
}
