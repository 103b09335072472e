import * as z from "zod";
import { alarmArnParts } from "./alarm-arn.ts";
import { alarmDocumentSchema, readDocument } from "./alarm-document.ts";
import { type Envelope, unreadable } from "./alarm-reading.ts";
import { optionalTextSchema } from "./shapes.ts";

/** `CloudWatch Alarm Configuration Change` is not one of them: nothing happened to the database. */
export const alarmDetailTypes = [
  "CloudWatch Alarm State Change",
  "CloudWatch Alarm Contributor State Change",
] as const;

const detailTypes: readonly unknown[] = alarmDetailTypes;

const schema = z.looseObject({
  account: optionalTextSchema,
  region: optionalTextSchema,
  resources: z.array(z.unknown()).nullish().catch(null),
  detail: alarmDocumentSchema,
});

/**
 * SPEC S2. Events of the same detail-type from another source are somebody's own and not claimed.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
 */
export const eventBridgeAlarm: Envelope = {
  name: "EventBridge alarm event",
  matches: (event) => event["source"] === "aws.cloudwatch" && detailTypes.includes(event["detail-type"]),
  read(event) {
    const parsed = schema.safeParse(event);
    if (!parsed.success) return unreadable(this.name, parsed.error);
    const { detail, resources, account, region } = parsed.data;
    const arn = resources
      ?.filter((text) => typeof text === "string")
      .find((text) => alarmArnParts(text) !== null);
    const origin = {
      via: "eventbridge" as const,
      arn: arn ?? null,
      accountId: account ?? null,
      region: region ?? null,
    };
    return { kind: "alarm", alarm: readDocument(detail, origin) };
  },
};
