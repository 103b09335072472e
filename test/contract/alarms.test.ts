import { type CloudWatchClient, PutMetricAlarmCommand } from "@aws-sdk/client-cloudwatch";
import { beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { childrenOf } from "../../functions/adapters/aws/alarm-names.ts";
import { createCloudWatchClient } from "../../functions/adapters/aws/clients.ts";
import { createCloudWatchAlarms } from "../../functions/adapters/aws/cloudwatch-alarms.ts";
import { createMemoryAlarms } from "../../functions/adapters/memory/memory-alarms.ts";
import { alarmsContract, compositeAlarmsContract } from "./alarms.contract.ts";
import { startLoopback } from "./loopback.ts";
import { onEndpoint } from "./on-endpoint.ts";

const arnPrefix = "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:";

describe("alarms in memory", () => {
  const onCluster = (name: string) => ({
    ...{ namespace: "AWS/RDS", name },
    dimensions: { DBClusterIdentifier: "payments" },
  });
  const cpu = {
    namespace: "AWS/RDS",
    name: "CPUUtilization",
    dimensions: { DBInstanceIdentifier: "orders" },
  };
  const alarms = createMemoryAlarms([
    { arn: `${arnPrefix}cpu: orders`, metrics: [cpu], tags: { database: "orders" } },
    { arn: `${arnPrefix}math`, metrics: [onCluster("ReadIOPS"), onCluster("WriteIOPS")], tags: {} },
    { arn: `${arnPrefix}any`, metrics: [], tags: { tier: "1" }, children: ["cpu: orders", "inner"] },
    { arn: `${arnPrefix}inner`, metrics: [], tags: {}, children: [`${arnPrefix}math`] },
  ]);
  alarmsContract(async () => ({ alarms, arnPrefix }));
  compositeAlarmsContract(async () => ({ alarms, arnPrefix }));
});

await onEndpoint("alarms in CloudWatch", (aws) => {
  const client = createCloudWatchClient(aws);
  beforeAll(() => putAlarms(client));
  alarmsContract(async () => ({ alarms: createCloudWatchAlarms({ client }), arnPrefix }));
});

// moto 5.2.5 makes no composite alarms: CloudWatch's own JSON through the SDK's deserialiser.
describe("composite alarms as CloudWatch answers them", () => {
  compositeAlarmsContract(async () => {
    const metric = { MetricName: "CPUUtilization", Namespace: "AWS/RDS", Dimensions: [] };
    const { endpoint } = await answering({
      "cpu: orders": metric,
      math: metric,
      inner: { AlarmRule: `ALARM("${arnPrefix}math")` },
      any: { AlarmRule: 'ALARM("cpu: orders") OR ALARM(inner)' },
    });
    return { alarms: alarmsOn(endpoint), arnPrefix };
  });

  it("S10 name their children in quotes, bare, or as ARNs", () => {
    const rule = `ALARM("cpu: \\"high\\" (orders)") AND (NOT OK(lag) OR INSUFFICIENT_DATA( ${arnPrefix}io )) OR TRUE`;
    expect(childrenOf(rule)).toEqual(['cpu: "high" (orders)', "lag", `${arnPrefix}io`]);
    expect(childrenOf("TRUE OR FALSE")).toEqual([]);
  });

  it("S10 are followed three levels down and no further, and not in a circle", async () => {
    const rule = (child: string) => ({ AlarmRule: `ALARM(${child}) OR ALARM(c0)` });
    const { endpoint, requests } = await answering({
      ...{ c0: rule("c1"), c1: rule("c2"), c2: rule("c3"), c3: rule("c4"), c4: rule("c5") },
    });
    const found = await alarmsOn(endpoint).describe(["c0"]);
    expect(found.map(({ arn }) => arn.slice(arnPrefix.length))).toEqual(["c0", "c1", "c2", "c3"]);
    expect(requests).toHaveLength(8);
  });
});

function alarmsOn(endpoint: string) {
  return createCloudWatchAlarms({ client: createCloudWatchClient({ region: "eu-west-1", endpoint }) });
}

/** CloudWatch with these alarms; one with a rule is composite, `any` is tagged. */
function answering(alarms: Readonly<Record<string, object>>) {
  return startLoopback(({ headers, body }) => {
    const input = inputSchema.parse(JSON.parse(body.toString()));
    const known = (input.AlarmNames ?? []).flatMap((name) =>
      alarms[name] ? [{ AlarmName: name, AlarmArn: `${arnPrefix}${name}`, ...alarms[name] }] : [],
    );
    const described = {
      CompositeAlarms: known.filter((alarm) => "AlarmRule" in alarm),
      MetricAlarms: known.filter((alarm) => !("AlarmRule" in alarm)),
    };
    const Tags = input.ResourceARN?.endsWith(":any") ? [{ Key: "tier", Value: "1" }] : [];
    const asksForTags = headers["x-amz-target"]?.endsWith("ListTagsForResource");
    return {
      ...{ status: 200, headers: { "content-type": "application/x-amz-json-1.0" } },
      body: JSON.stringify(asksForTags ? { Tags } : described),
    };
  });
}

const inputSchema = z.object({
  AlarmNames: z.array(z.string()).optional(),
  ResourceARN: z.string().optional(),
});

async function putAlarms(client: CloudWatchClient): Promise<void> {
  const threshold = {
    ComparisonOperator: "GreaterThanThreshold",
    EvaluationPeriods: 1,
    Threshold: 80,
  } as const;
  await client.send(
    new PutMetricAlarmCommand({
      ...threshold,
      AlarmName: "cpu: orders",
      Namespace: "AWS/RDS",
      MetricName: "CPUUtilization",
      Dimensions: [{ Name: "DBInstanceIdentifier", Value: "orders" }],
      Statistic: "Average",
      Period: 60,
      Tags: [{ Key: "database", Value: "orders" }],
    }),
  );
  const inMath = (Id: string, MetricName: string) => ({
    Id,
    ReturnData: false,
    MetricStat: {
      Metric: {
        Namespace: "AWS/RDS",
        MetricName,
        Dimensions: [{ Name: "DBClusterIdentifier", Value: "payments" }],
      },
      Period: 60,
      Stat: "Average",
    },
  });
  const sum = { Id: "sum", Expression: "r + w", ReturnData: true };
  const Metrics = [inMath("r", "ReadIOPS"), inMath("w", "WriteIOPS"), sum];
  await client.send(new PutMetricAlarmCommand({ ...threshold, AlarmName: "math", Metrics }));
}
