import * as z from "zod";
import { alarmDocumentSchema, readDocument } from "./alarm-document.ts";
import { type Envelope, unreadable } from "./alarm-reading.ts";
import { optionalTextSchema } from "./shapes.ts";

const schema = z.looseObject({
  alarmArn: optionalTextSchema,
  accountId: optionalTextSchema,
  region: optionalTextSchema,
  alarmData: alarmDocumentSchema,
});

/**
 * SPEC S1: the alarm's own Lambda action.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-actions-Lambda.html
 */
export const lambdaAlarm: Envelope = {
  name: "alarm action",
  matches: (event) => Object.hasOwn(event, "alarmData"),
  read(event) {
    const parsed = schema.safeParse(event);
    if (!parsed.success) return unreadable(this.name, parsed.error);
    const { alarmData, alarmArn, accountId, region } = parsed.data;
    const origin = {
      via: "lambda" as const,
      arn: alarmArn ?? null,
      accountId: accountId ?? null,
      region: region ?? null,
    };
    return { kind: "alarm", alarm: readDocument(alarmData, origin) };
  },
};
