import { afterEach, describe, expect, it, vi } from "vitest";
import { createEventBridgeSchedules } from "../../functions/adapters/aws/eventbridge-schedules.ts";
import { signedHeaders } from "../../functions/adapters/aws/sign-request.ts";
import { createMemorySchedules, scheduleKey } from "../../functions/adapters/memory/memory-schedules.ts";
import type { ScheduleName } from "../../functions/core/schedule-ports.ts";
import { makeSchedule, roleArn, schedulesOn, shownSchedule } from "../support/eventbridge-endpoint.ts";
import { type Behaviour, startLoopback } from "./loopback.ts";
import { onEndpoint } from "./on-endpoint.ts";
import { schedulesContract } from "./schedules.contract.ts";

let made = 0;
const names = (): readonly ScheduleName[] => {
  made += 1;
  return [
    { kind: "rule", name: `nightly-${made}`, group: "default" },
    { kind: "schedule", name: `report-${made}`, group: "jobs" },
  ];
};

describe("schedules in memory", () => {
  schedulesContract(async () => {
    const schedules = createMemorySchedules();
    const there = names();
    const state = {
      state: "ENABLED",
      expression: "rate(5 minutes)",
      managedBy: null,
      roleArn: null,
      mark: "m",
    };
    for (const of of there)
      schedules.kept.set(scheduleKey(of), { ...state, timezone: null, startsAt: null, endsAt: null });
    return { schedules, there };
  });
});

await onEndpoint("schedules of EventBridge", (aws) => {
  schedulesContract(async () => {
    const there = names();
    for (const of of there) await makeSchedule(aws, of);
    return { schedules: schedulesOn(aws), there };
  });

  it("A14 are written anew with everything that they have", async () => {
    const [, of] = names();
    if (of === undefined) throw new Error("no schedule");
    await makeSchedule(aws, of);
    const schedules = schedulesOn(aws);
    const before = await shownSchedule(aws, of);
    const seen = await schedules.look(of);
    expect(seen).toMatchObject({ expression: "cron(0 2 * * ? *)", timezone: "Europe/Berlin", roleArn });
    await schedules.turn(of, { on: false, mark: seen?.mark ?? "" });
    expect(await shownSchedule(aws, of)).toEqual({ ...before, State: "DISABLED" });
  });

  it("A14 are not there under another kind or group", async () => {
    const [of] = names();
    if (of === undefined) throw new Error("no rule");
    await makeSchedule(aws, of);
    expect(await schedulesOn(aws).look({ ...of, kind: "schedule", group: "nowhere" })).toBeNull();
    expect(await schedulesOn(aws).look(of)).not.toBeNull();
  });
});

describe("answers of EventBridge", () => {
  const schedule = { kind: "schedule", name: "report", group: "jobs" } as const;
  const told = async (behaviour: Behaviour) => {
    const { endpoint } = await startLoopback(() => behaviour);
    return schedulesOn({ region: "eu-west-1", endpoint }, 300).look(schedule);
  };

  it("A14 are errors by the name that the header or the body tells", async () => {
    const headers = { "x-amzn-errortype": "ResourceNotFoundException:http://internal.amazon.com/" };
    expect(await told({ status: 404, headers, body: '{"Message":"none"}' })).toBeNull();
    const throttled = { __type: "com.amazon.coral#ThrottlingException", message: "Rate exceeded" };
    await expect(told({ status: 400, body: JSON.stringify(throttled) })).rejects.toMatchObject({
      ...{ code: "ThrottlingException", refused: true, message: "Rate exceeded" },
    });
  });

  it("A14 that are none leave open what was done", async () => {
    for (const behaviour of [
      { status: 500, body: "" },
      { status: 200, body: "<html>" },
      "silence",
      "hang-up",
    ] as const)
      await expect(told(behaviour)).rejects.toMatchObject({ name: "AwsError", refused: false });
  });
});

describe("who asks EventBridge", () => {
  const of = { kind: "rule", name: "nightly", group: "default" } as const;
  const asked = async () => {
    const answer = { status: 200, body: '{"State":"ENABLED","ScheduleExpression":"rate(5 minutes)"}' };
    const { endpoint, requests } = await startLoopback(() => answer);
    return {
      schedules: createEventBridgeSchedules({ region: "eu-west-1", endpoint, now: Date.now }),
      requests,
    };
  };
  afterEach(() => vi.unstubAllEnvs());

  it("A14 is whom the SDK finds by its own rules, where nobody is named", async () => {
    const { schedules, requests } = await asked();
    vi.stubEnv("AWS_ACCESS_KEY_ID", "AKFUNCTION");
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", "of-the-function");
    vi.stubEnv("AWS_SESSION_TOKEN", "its-session");
    expect(await schedules.look(of)).toMatchObject({ state: "ENABLED" });
    expect(requests[0]?.headers).toMatchObject({
      authorization: expect.stringMatching(/Credential=AKFUNCTION\/\d{8}\/eu-west-1\/events\//),
      "x-amz-security-token": "its-session",
    });
  });

  it("A14 is nobody where the SDK finds none: nothing is sent, and that is no open question", async () => {
    const { schedules, requests } = await asked();
    vi.stubEnv("AWS_ACCESS_KEY_ID", "");
    vi.stubEnv("AWS_EC2_METADATA_DISABLED", "true");
    await expect(schedules.look(of)).rejects.toMatchObject({ code: "NoCredentials", refused: true });
    expect(requests).toEqual([]);
  });
});

describe("a request that is signed by hand", () => {
  it("A14 has the signature of AWS's own example", async () => {
    const url = new URL("https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08");
    const headers = { "content-type": "application/x-www-form-urlencoded; charset=utf-8" };
    const request = { method: "GET", url, headers, body: "", service: "iam", region: "us-east-1" } as const;
    const credentials = {
      accessKeyId: "AKIDEXAMPLE",
      secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
    };
    const signed = await signedHeaders(request, credentials, new Date("2015-08-30T12:36:00Z"));
    expect(signed["authorization"]).toBe(
      "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, SignedHeaders=content-type;host;x-amz-date, Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7",
    );
  });
});
