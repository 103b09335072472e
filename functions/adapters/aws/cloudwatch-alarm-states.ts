import {
  type CloudWatchClient,
  type CompositeAlarm,
  DescribeAlarmsCommand,
  type MetricAlarm,
} from "@aws-sdk/client-cloudwatch";
import * as z from "zod";
import type { AlarmState, AlarmStateSource } from "../../core/context-ports.ts";
import { type AlarmRule, alarmRuleSchema } from "../../core/contract/alarm.ts";
import { alarmNameOf, isArn } from "./alarm-names.ts";
import { attempt, during } from "./attempt.ts";

/** DescribeAlarms takes this many names. */
const maxNames = 100;
const stateSchema = z.enum(["OK", "ALARM", "INSUFFICIENT_DATA"]);

/** Unlike `createCloudWatchAlarms` it follows no composite alarm and reads no tags: it asks how alarms stand now. */
export function createCloudWatchAlarmStates({
  client,
}: {
  readonly client: CloudWatchClient;
}): AlarmStateSource {
  return {
    read: (namesOrArns, signal) =>
      attempt({ what: "alarm states", action: "cloudwatch:DescribeAlarms" }, async () => {
        const wanted = namesOrArns.slice(0, maxNames);
        if (wanted.length === 0) return [];
        const answer = await client.send(
          new DescribeAlarmsCommand({
            AlarmNames: [...new Set(wanted.map(alarmNameOf))],
            // Left out, it means metric alarms only.
            AlarmTypes: ["MetricAlarm", "CompositeAlarm"],
            MaxRecords: maxNames,
          }),
          during(signal),
        );
        return [...(answer.MetricAlarms ?? []), ...(answer.CompositeAlarms ?? [])]
          .flatMap(stateOf)
          .filter(({ arn, name }) => wanted.some((one) => one === (isArn(one) ? arn : name)));
      }),
  };
}

function stateOf(alarm: MetricAlarm | CompositeAlarm): AlarmState[] {
  const state = stateSchema.safeParse(alarm.StateValue);
  if (!state.success || !alarm.AlarmArn || !alarm.AlarmName) return [];
  const rule = "AlarmRule" in alarm ? null : ruleOf(alarm);
  return [{ arn: alarm.AlarmArn, name: alarm.AlarmName, state: state.data, rule }];
}

/** Of an alarm on one metric, in either of the two forms in which CloudWatch keeps it; null for every other. */
function ruleOf(alarm: MetricAlarm): AlarmRule | null {
  const [only, ...others] = alarm.Metrics ?? [];
  const inList = others.length === 0 ? only?.MetricStat : undefined;
  const metric = inList?.Metric ?? (only === undefined ? alarm : {});
  const rule = {
    metric: {
      namespace: metric.Namespace,
      name: metric.MetricName,
      statistic: inList?.Stat ?? alarm.Statistic ?? alarm.ExtendedStatistic ?? null,
      dimensions: Object.fromEntries(
        (metric.Dimensions ?? []).map(({ Name, Value }) => [Name ?? "", Value ?? ""]),
      ),
      periodSeconds: inList?.Period ?? alarm.Period ?? null,
    },
    periodSeconds: inList?.Period ?? alarm.Period,
    comparison: alarm.ComparisonOperator,
    threshold: alarm.Threshold,
  };
  return alarmRuleSchema.safeParse(rule).data ?? null;
}
