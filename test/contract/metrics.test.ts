import { PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { describe, expect, it } from "vitest";
import { type ClientSettings, createCloudWatchClient } from "../../functions/adapters/aws/clients.ts";
import { createCloudWatchMetrics } from "../../functions/adapters/aws/cloudwatch-metrics.ts";
import { createMemoryMetrics } from "../../functions/adapters/memory/memory-metrics.ts";
import { forward, type Reply, startLoopback } from "./loopback.ts";
import { metricsContract, minute, query } from "./metrics.contract.ts";
import { onEndpoint } from "./on-endpoint.ts";

/** Half an hour ago, on the minute: CloudWatch keeps minutes for 15 days, and takes nothing from the future. */
const firstAt = Math.floor(Date.now() / minute) * minute - 30 * minute;

describe("metrics in memory", () => {
  metricsContract(async () => {
    const points = [4, 0, 1, 3, 2].map((n) => ({
      at: new Date(firstAt + n * minute).toISOString(),
      value: 10 * (n + 1),
    }));
    const series = { ...query("CPUUtilization"), id: "CPUUtilization", unit: null, points };
    return { metrics: createMemoryMetrics([series]), firstAt };
  });

  it("M6 lists everything as missing while it fails", async () => {
    const metrics = createMemoryMetrics([]);
    metrics.fail("Throttling: Rate exceeded");
    const { missing } = await metrics.read([query("CPUUtilization")], firstAt, firstAt + minute);
    expect(missing[0]?.reason).toBe("GetMetricData failed: Throttling: Rate exceeded");
  });
});

await onEndpoint("metrics in CloudWatch", (aws) => {
  metricsContract(async () => {
    await putPoints(aws);
    return { metrics: metricsOn(aws), firstAt };
  });

  it("M1 asks for forty metrics in one call", async () => {
    const way = await startLoopback((request) => forward(aws.endpoint, request));
    const queries = Array.from({ length: 40 }, (_, n) => query(`Metric${n}`));
    const { missing } = await metricsOn({ ...aws, endpoint: way.endpoint }).read(
      queries,
      firstAt,
      Date.now(),
    );
    expect(missing).toHaveLength(40);
    expect(way.requests).toHaveLength(1);
  });

  it("M1 asks for 501 metrics in two calls", async () => {
    const way = await startLoopback((request) => forward(aws.endpoint, request));
    const queries = Array.from({ length: 501 }, (_, n) => query(`Metric${n}`));
    const { missing } = await metricsOn({ ...aws, endpoint: way.endpoint }).read(
      queries,
      firstAt,
      Date.now(),
    );
    expect(missing).toHaveLength(501);
    expect(way.requests).toHaveLength(2);
  });
});

// What no stand-in answers, in CloudWatch's own JSON through the SDK's deserialiser.
describe("CloudWatch's answers", () => {
  it("M6 lists every metric as missing when the call is throttled to the end, and does not throw", async () => {
    const { endpoint, requests } = await startLoopback(() => fault("Throttling", "Rate exceeded"));
    const { series, missing } = await metricsOn({ region, endpoint }).read(
      [query("CPUUtilization"), query("FreeableMemory")],
      firstAt,
      Date.now(),
    );
    expect(series).toEqual([]);
    expect(missing.map(({ reason }) => reason)).toEqual([
      expect.stringMatching(/^GetMetricData failed: Throttling: .*Rate exceeded/),
      expect.stringMatching(/^GetMetricData failed: Throttling: .*Rate exceeded/),
    ]);
    expect(requests).toHaveLength(3);
  });

  it("M6 says which metric was forbidden, and which came only in part", async () => {
    const metrics = await answering({
      MetricDataResults: [
        { Id: "q0", Label: "a", StatusCode: "Complete", Timestamps: [at(0)], Values: [1] },
        { Id: "q1", Label: "b", StatusCode: "Forbidden", Timestamps: [], Values: [] },
        {
          ...{ Id: "q2", Label: "c", StatusCode: "PartialData", Timestamps: [at(0)], Values: [3] },
          Messages: [{ Code: "ArithmeticError", Value: "too many points" }],
        },
        { Id: "q3", Label: "d", StatusCode: "InternalError", Timestamps: [], Values: [] },
      ],
    });
    const { series, missing } = await metrics.read(
      ["A", "B", "C", "D", "E"].map((n) => query(n)),
      firstAt,
      Date.now(),
    );
    expect(series.map(({ id }) => id)).toEqual(["A", "C"]);
    expect(missing.map(({ what, reason, howToSee }) => [what.split(" ")[2], reason, howToSee])).toEqual([
      ["B", "CloudWatch answered Forbidden for it", "allow cloudwatch:GetMetricData"],
      ["C", "only in part: CloudWatch answered PartialData for it (ArithmeticError: too many points)", null],
      ["D", "CloudWatch answered InternalError for it", null],
      ["E", "CloudWatch answered nothing for it", null],
    ]);
  });

  it("M1 joins the pages of one metric, in the order of time", async () => {
    const metrics = await answering(
      {
        ...{ NextToken: "page-2" },
        MetricDataResults: [
          { Id: "q0", Label: "a", StatusCode: "PartialData", Timestamps: [at(1), at(0)], Values: [2, 1] },
        ],
      },
      {
        MetricDataResults: [
          { Id: "q0", Label: "a", StatusCode: "Complete", Timestamps: [at(2)], Values: [3] },
        ],
      },
    );
    const { series, missing } = await metrics.read([query("A")], firstAt, Date.now());
    expect(missing).toEqual([]);
    expect(series[0]?.points.map(({ value }) => value)).toEqual([1, 2, 3]);
  });

  it("M6 keeps what came before the page that failed", async () => {
    const metrics = await answering(
      {
        ...{ NextToken: "page-2" },
        MetricDataResults: [
          { Id: "q0", Label: "a", StatusCode: "Complete", Timestamps: [at(0)], Values: [1] },
          { Id: "q1", Label: "b", StatusCode: "PartialData", Timestamps: [at(0)], Values: [1] },
        ],
      },
      fault("AccessDeniedException", "not authorized to perform: cloudwatch:GetMetricData"),
    );
    const { series, missing } = await metrics.read([query("A"), query("B"), query("C")], firstAt, Date.now());
    expect(series.map(({ id }) => id)).toEqual(["A", "B"]);
    expect(missing.map(({ reason, howToSee }) => [reason.split(" failed")[0], howToSee])).toEqual([
      ["only in part: GetMetricData", "allow cloudwatch:GetMetricData"],
      ["GetMetricData", "allow cloudwatch:GetMetricData"],
    ]);
  });

  it("Q2 gives back what it has when its time is up", async () => {
    const { endpoint } = await startLoopback(() => "silence");
    const read = metricsOn({ region, endpoint }).read(
      [query("A")],
      firstAt,
      Date.now(),
      AbortSignal.timeout(50),
    );
    expect((await read).missing[0]?.reason).toMatch(/^GetMetricData failed: (AbortError|TimeoutError)/);
  });
});

const region = "eu-west-1";

function fault(code: string, message: string) {
  const headers = { "content-type": "application/x-amz-json-1.0", "x-amzn-query-error": `${code};Sender` };
  return { status: 400, headers, body: JSON.stringify({ __type: code, message }) };
}

function at(minutes: number): number {
  return (firstAt + minutes * minute) / 1000;
}

function metricsOn(aws: ClientSettings) {
  return createCloudWatchMetrics({ client: createCloudWatchClient(aws) });
}

/** CloudWatch that gives these answers in turn. */
async function answering(...pages: readonly (Reply | { readonly MetricDataResults: readonly object[] })[]) {
  const { endpoint } = await startLoopback((_request, serial) => {
    const page = pages[serial - 1] ?? { MetricDataResults: [] };
    if ("status" in page) return page;
    return {
      status: 200,
      headers: { "content-type": "application/x-amz-json-1.0" },
      body: JSON.stringify(page),
    };
  });
  return metricsOn({ region, endpoint });
}

async function putPoints(aws: ClientSettings): Promise<void> {
  await createCloudWatchClient(aws).send(
    new PutMetricDataCommand({
      Namespace: "AWS/RDS",
      MetricData: [4, 0, 1, 3, 2].map((n) => ({
        MetricName: "CPUUtilization",
        Dimensions: [{ Name: "DBInstanceIdentifier", Value: "orders" }],
        Timestamp: new Date(firstAt + n * minute),
        Value: 10 * (n + 1),
      })),
    }),
  );
}
