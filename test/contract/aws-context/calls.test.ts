import { afterEach, describe, expect, it } from "vitest";
import { createCloudTrailCalls } from "../../../functions/adapters/aws/cloudtrail-calls.ts";
import { createCloudTrailClient } from "../../../functions/adapters/aws/context-clients.ts";
import { jsonAnswer, jsonError, type StubAnswer, type StubCall, startStub } from "./stub.ts";

process.env["AWS_ACCESS_KEY_ID"] ??= "stand-in";
process.env["AWS_SECRET_ACCESS_KEY"] ??= "stand-in";

const to = Date.parse("2026-11-21T10:00:00Z");
const between = { from: to - 3_600_000, to };
const at = "2026-11-21T09:50:00.000Z";

let stop: (() => Promise<void>) | null = null;
afterEach(async () => {
  await stop?.();
  stop = null;
});

async function withAnswers(answer: (call: StubCall) => StubAnswer) {
  const stub = await startStub(answer);
  stop = stub.stop;
  const client = createCloudTrailClient({ region: "eu-west-1", endpoint: stub.endpoint });
  return { callsOn: createCloudTrailCalls(client), calls: stub.calls };
}

const reboot = (id: string, more: object = {}) => ({
  ...{ EventName: "RebootDBInstance", EventTime: Date.parse(at) / 1000, ReadOnly: "false" },
  CloudTrailEvent: JSON.stringify({ requestParameters: { dBInstanceIdentifier: id }, ...more }),
});
const others = Array.from({ length: 50 }, () => reboot("another"));

describe("calls on one resource, in CloudTrail", () => {
  it("A26 are found behind pages of calls on others; a refused one was not taken", async () => {
    const pages = [others, [reboot("orders-db", { errorCode: "AccessDenied" })], [reboot("ORDERS-DB")]];
    const { callsOn, calls } = await withAnswers(({ parameters }) => {
      const page = Number(parameters["NextToken"] ?? 0);
      return jsonAnswer({ Events: pages[page], ...(page < 2 ? { NextToken: String(page + 1) } : {}) });
    });
    expect(await callsOn("orders-db", "RebootDBInstance", between)).toEqual([at]);
    expect(calls.map(({ parameters }) => parameters["LookupAttributes"])).toEqual(
      Array(3).fill([{ AttributeKey: "EventName", AttributeValue: "RebootDBInstance" }]),
    );
  });

  it("A26 are none where all was read, and not known where it was too much or was not to be had", async () => {
    const none = await withAnswers(() => jsonAnswer({ Events: [reboot("another")] }));
    expect(await none.callsOn("orders-db", "RebootDBInstance", between)).toEqual([]);
    await stop?.();
    const endless = await withAnswers(() => jsonAnswer({ Events: others, NextToken: "more" }));
    expect(await endless.callsOn("orders-db", "RebootDBInstance", between)).toBeNull();
    expect(endless.calls).toHaveLength(5);
    await stop?.();
    const denied = await withAnswers(() => jsonError("AccessDeniedException", "no"));
    expect(await denied.callsOn("orders-db", "RebootDBInstance", between)).toBeNull();
  });

  it("A26 count where their text cannot be read and the resource is named beside it", async () => {
    const cut = { ...reboot("x"), CloudTrailEvent: "{cut", Resources: [{ ResourceName: "orders-db" }] };
    const { callsOn } = await withAnswers(() => jsonAnswer({ Events: [cut] }));
    expect(await callsOn("orders-db", "RebootDBInstance", between)).toEqual([at]);
  });
});
