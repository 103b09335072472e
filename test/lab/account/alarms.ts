import * as z from "zod";
import type { Signal } from "../../../functions/core/contract/signal.ts";
import type { AwsCalls } from "./aws-calls.ts";
import type { Outputs } from "./cdk.ts";

export type Way = Exclude<Signal["via"], "cli" | "slack">;

const threshold = 10;

/**
 * An alarm that reaches the responder by one way only. EventBridge brings every alarm on a metric of RDS; the other
 * two are on a metric of the application's own, which names the database and is brought by whoever was chosen for it.
 */
export async function createAlarm(
  { call }: AwsCalls,
  way: Way,
  database: string,
  { IntakeFunctionArn, AlarmTopicArn }: Outputs,
): Promise<void> {
  const actions = { eventbridge: [], sns: [AlarmTopicArn], lambda: [IntakeFunctionArn] }[way];
  const parameters = {
    AlarmName: `${database}-${way}`,
    ...metricOf(way),
    Dimensions: dimensions(database),
    Statistic: "Maximum",
    Period: 60,
    EvaluationPeriods: 1,
    Threshold: threshold,
    ComparisonOperator: "GreaterThanThreshold",
    TreatMissingData: "notBreaching",
    AlarmActions: actions,
  };
  await call({ service: "cloudwatch", operation: "put_metric_alarm", parameters }, z.unknown());
}

/** One datapoint above the threshold. */
export async function fire({ call }: AwsCalls, way: Way, database: string): Promise<void> {
  const { Namespace, MetricName } = metricOf(way);
  const datum = { MetricName, Dimensions: dimensions(database), Value: threshold * 2 };
  const parameters = { Namespace, MetricData: [datum] };
  await call({ service: "cloudwatch", operation: "put_metric_data", parameters }, z.unknown());
}

/** The alarm goes back, as it does in CloudWatch a minute after its metric did. */
export async function settle({ call }: AwsCalls, way: Way, database: string): Promise<void> {
  const parameters = {
    AlarmName: `${database}-${way}`,
    StateValue: "OK",
    StateReason: "Nobody waits any more",
  };
  await call({ service: "cloudwatch", operation: "set_alarm_state", parameters }, z.unknown());
}

function metricOf(way: Way): { Namespace: string; MetricName: string } {
  return way === "eventbridge"
    ? { Namespace: "AWS/RDS", MetricName: "DatabaseConnections" }
    : { Namespace: "Shop", MetricName: "CheckoutsWaiting" };
}

function dimensions(database: string) {
  return [{ Name: "DBInstanceIdentifier", Value: database }];
}
