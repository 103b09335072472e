import {
  type CloudWatchClient,
  PutMetricAlarmCommand,
  SetAlarmStateCommand,
} from "@aws-sdk/client-cloudwatch";
import { beforeAll, describe, expect, it } from "vitest";
import { createCloudWatchClient } from "../../functions/adapters/aws/clients.ts";
import { createCloudWatchAlarmStates } from "../../functions/adapters/aws/cloudwatch-alarm-states.ts";
import { createMemoryAlarmStates } from "../../functions/adapters/memory/memory-alarm-states.ts";
import { alarmStatesContract } from "./alarm-states.contract.ts";
import { startLoopback } from "./loopback.ts";
import { onEndpoint } from "./on-endpoint.ts";

const arnPrefix = "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:";
const onOrders = { Namespace: "AWS/RDS", Dimensions: [{ Name: "DBInstanceIdentifier", Value: "orders" }] };
const above = {
  ComparisonOperator: "GreaterThanThreshold",
  EvaluationPeriods: 1,
  Threshold: 80,
} as const;

describe("alarm states in memory", () => {
  const alarmStates = createMemoryAlarmStates([
    {
      arn: `${arnPrefix}cpu: orders`,
      name: "cpu: orders",
      state: "ALARM",
      rule: {
        metric: {
          namespace: "AWS/RDS",
          name: "CPUUtilization",
          statistic: "Average",
          dimensions: { DBInstanceIdentifier: "orders" },
          periodSeconds: 60,
        },
        periodSeconds: 60,
        comparison: "GreaterThanThreshold",
        threshold: 80,
      },
    },
    { arn: `${arnPrefix}math`, name: "math", state: "INSUFFICIENT_DATA", rule: null },
  ]);
  alarmStatesContract(async () => ({ alarmStates, arnPrefix }));
});

await onEndpoint("alarm states in CloudWatch", (aws) => {
  const client = createCloudWatchClient(aws);
  beforeAll(() => putAlarms(client));
  alarmStatesContract(async () => ({ alarmStates: createCloudWatchAlarmStates({ client }), arnPrefix }));
});

describe("alarm states as CloudWatch answers them", () => {
  it("S12 a composite alarm has a state and no rule, one metric in a list has both, a band has no rule", async () => {
    const metric = {
      MetricStat: { Metric: { ...onOrders, MetricName: "ReadIOPS" }, Period: 300, Stat: "p99" },
    };
    const states = await answering({
      CompositeAlarms: [alarm("any", { AlarmRule: "ALARM(listed)" })],
      MetricAlarms: [
        alarm("listed", { ...above, Metrics: [{ Id: "m1", ReturnData: true, ...metric }] }),
        alarm("band", {
          ...above,
          ComparisonOperator: "GreaterThanUpperThreshold",
          ThresholdMetricId: "ad1",
        }),
      ],
    });
    const { value } = await states.read(["any", "listed", "band"]);
    expect(value?.map(({ name, rule }) => [name, rule?.metric.statistic, rule?.periodSeconds])).toEqual([
      ["listed", "p99", 300],
      ["band", undefined, undefined],
      ["any", undefined, undefined],
    ]);
  });

  it("M6 says that it was refused, and with which permission it would not be", async () => {
    const { endpoint } = await startLoopback(() => ({
      status: 403,
      headers: { "content-type": "application/x-amz-json-1.0" },
      body: JSON.stringify({ __type: "AccessDeniedException", message: "no" }),
    }));
    const client = createCloudWatchClient({ region: "eu-west-1", endpoint });
    const { value, missing } = await createCloudWatchAlarmStates({ client }).read(["any"]);
    expect(value).toBeNull();
    expect(missing).toEqual([
      expect.objectContaining({ what: "alarm states", howToSee: "allow cloudwatch:DescribeAlarms" }),
    ]);
  });
});

function alarm(name: string, more: object): object {
  return { AlarmName: name, AlarmArn: `${arnPrefix}${name}`, StateValue: "ALARM", ...more };
}

async function answering(body: object) {
  const { endpoint } = await startLoopback(() => ({
    status: 200,
    headers: { "content-type": "application/x-amz-json-1.0" },
    body: JSON.stringify(body),
  }));
  return createCloudWatchAlarmStates({ client: createCloudWatchClient({ region: "eu-west-1", endpoint }) });
}

async function putAlarms(client: CloudWatchClient): Promise<void> {
  const cpu = { ...onOrders, MetricName: "CPUUtilization", Statistic: "Average", Period: 60 } as const;
  await client.send(new PutMetricAlarmCommand({ ...above, ...cpu, AlarmName: "cpu: orders" }));
  const state = { AlarmName: "cpu: orders", StateValue: "ALARM", StateReason: "made so" } as const;
  await client.send(new SetAlarmStateCommand(state));
  const inMath = (Id: string, MetricName: string) => ({
    Id,
    ReturnData: false,
    MetricStat: { Metric: { ...onOrders, MetricName }, Period: 60, Stat: "Average" },
  });
  const sum = { Id: "sum", Expression: "r + w", ReturnData: true };
  const Metrics = [inMath("r", "ReadIOPS"), inMath("w", "WriteIOPS"), sum];
  await client.send(new PutMetricAlarmCommand({ ...above, AlarmName: "math", Metrics }));
}
