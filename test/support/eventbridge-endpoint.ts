import * as z from "zod";
import type { ClientSettings } from "../../functions/adapters/aws/clients.ts";
import { createEventBridgeSchedules } from "../../functions/adapters/aws/eventbridge-schedules.ts";
import { signedHeaders } from "../../functions/adapters/aws/sign-request.ts";
import type { ScheduleName } from "../../functions/core/schedule-ports.ts";

const lab = { accessKeyId: "lab", secretAccessKey: "lab" };
export const roleArn = "arn:aws:iam::123456789012:role/report";

export function schedulesOn({ region, endpoint }: ClientSettings, attemptMs = 5000) {
  const credentials = async () => lab;
  return createEventBridgeSchedules({ region, endpoint, credentials, now: Date.now, attemptMs });
}

/** As somebody else asks EventBridge. */
async function ask(
  aws: ClientSettings,
  call: { service: string; path: string; method: "GET" | "PUT" | "POST" },
  target: string | null,
  body: object,
) {
  const url = new URL(call.path, aws.endpoint);
  const text = call.method === "GET" ? "" : JSON.stringify(body);
  const headers = {
    "content-type": target === null ? "application/json" : "application/x-amz-json-1.1",
    ...(target === null ? {} : { "x-amz-target": `AWSEvents.${target}` }),
  };
  const signed = await signedHeaders(
    { ...call, url, headers, body: text, region: aws.region },
    lab,
    new Date(),
  );
  const answer = await fetch(url, {
    method: call.method,
    headers: signed,
    ...(text === "" ? {} : { body: text }),
  });
  if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`);
  return z.record(z.string(), z.json()).parse(await answer.json());
}

const events = (aws: ClientSettings, target: string, body: object) =>
  ask(aws, { service: "events", path: "/", method: "POST" }, target, body);
const scheduler = (aws: ClientSettings, path: string, method: "GET" | "PUT" | "POST", body: object = {}) =>
  ask(aws, { service: "scheduler", path, method }, null, body);

/** A rule or schedule that is enabled, with all that one can have. */
export async function makeSchedule(
  aws: ClientSettings,
  { kind, name, group }: ScheduleName,
  more: object = {},
) {
  if (kind === "rule") {
    await events(aws, "PutRule", {
      Name: name,
      ScheduleExpression: "rate(5 minutes)",
      State: "ENABLED",
      EventBusName: group,
      ...more,
    });
    return;
  }
  await scheduler(aws, `/schedule-groups/${group}`, "POST").catch(() => undefined);
  const Target = {
    Arn: "arn:aws:lambda:eu-west-1:123456789012:function:report",
    RoleArn: roleArn,
    Input: '{"a":1}',
    RetryPolicy: { MaximumRetryAttempts: 2, MaximumEventAgeInSeconds: 600 },
  };
  await scheduler(aws, `/schedules/${name}`, "POST", {
    ...{
      GroupName: group,
      ScheduleExpression: "cron(0 2 * * ? *)",
      ScheduleExpressionTimezone: "Europe/Berlin",
    },
    ...{
      FlexibleTimeWindow: { Mode: "FLEXIBLE", MaximumWindowInMinutes: 10 },
      Description: "the report",
      Target,
    },
    ...{ State: "ENABLED", ActionAfterCompletion: "NONE", ...more },
  });
}

/** All that it is; what changes by itself left out. */
export async function shownSchedule(
  aws: ClientSettings,
  { kind, name, group }: ScheduleName,
): Promise<Record<string, unknown>> {
  if (kind === "rule") return events(aws, "DescribeRule", { Name: name, EventBusName: group });
  const { LastModificationDate: _changed, ...rest } = await scheduler(
    aws,
    `/schedules/${name}?groupName=${group}`,
    "GET",
  );
  return rest;
}
