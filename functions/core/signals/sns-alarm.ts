import * as z from "zod";
import { regionOfTopic } from "./alarm-arn.ts";
import { metricEntriesSchema, periodSchema, readMetrics, statisticName } from "./alarm-metrics.ts";
import {
  type AlarmReading,
  contributorSchema,
  type Envelope,
  type Surroundings,
  unreadable,
} from "./alarm-reading.ts";
import { refsFromDimensions } from "./database-refs.ts";
import { mutedBecause } from "./muted.ts";
import {
  alarmNameSchema,
  alarmStateSchema,
  alarmTimeSchema,
  camelKeys,
  dimensionsSchema,
  optionalTextSchema,
  readTags,
} from "./shapes.ts";
import { readChildAlarms, readStateReason, type StateReason } from "./state-reason.ts";

const triggerSchema = z.looseObject({
  metricName: z.string().nullish(),
  namespace: z.string().nullish(),
  statistic: optionalTextSchema,
  extendedStatistic: optionalTextSchema,
  dimensions: dimensionsSchema,
  period: periodSchema,
  metrics: metricEntriesSchema.nullish(),
  threshold: z.number().nullish().catch(null),
  thresholdMetricId: optionalTextSchema,
  comparisonOperator: optionalTextSchema,
});
type Trigger = z.infer<typeof triggerSchema>;

const schema = z.looseObject({
  AlarmName: alarmNameSchema,
  AlarmArn: optionalTextSchema,
  AlarmDescription: optionalTextSchema,
  AWSAccountId: optionalTextSchema,
  NewStateValue: alarmStateSchema,
  NewStateReason: optionalTextSchema,
  NewStateReasonData: z.unknown().optional(),
  StateChangeTime: alarmTimeSchema,
  Trigger: z.preprocess(camelKeys, triggerSchema.nullish()),
  TriggeringChildren: z.unknown().optional(),
  AlarmContributorId: contributorSchema.shape.id.nullish(),
  AlarmContributorAttributes: contributorSchema.shape.attributes,
  ActionsSuppressedBy: optionalTextSchema,
  ActionsSuppressedReason: optionalTextSchema,
  MuteDetail: z.unknown().optional(),
  AlarmTags: z.unknown().optional(),
});
type SnsMessage = z.infer<typeof schema>;

/**
 * SPEC S3: the message that CloudWatch sends to a topic. Its `Region` is a display name ("Asia Pacific (Seoul)") and
 * is never read; the region comes from the alarm's ARN, else from the topic's.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
 */
export const snsAlarm: Envelope = {
  name: "SNS alarm message",
  matches: (event) => Object.hasOwn(event, "AlarmName") || Object.hasOwn(event, "NewStateValue"),
  read(event, around) {
    const parsed = schema.safeParse(event);
    if (!parsed.success) return unreadable(this.name, parsed.error);
    return { kind: "alarm", alarm: readMessage(parsed.data, around) };
  },
};

function readMessage(message: SnsMessage, around: Surroundings): AlarmReading {
  return {
    via: "sns",
    name: message.AlarmName,
    arn: message.AlarmArn ?? null,
    accountId: message.AWSAccountId ?? null,
    region: regionOfTopic(around.topicArn),
    description: message.AlarmDescription ?? null,
    state: message.NewStateValue,
    reason: message.NewStateReason ?? "",
    at: message.StateChangeTime,
    contributorId: message.AlarmContributorId ?? null,
    ...readTrigger(message.Trigger ?? null, message.AlarmContributorAttributes ?? {}),
    stateReason: readReason(message),
    mutedBecause: mutedBecause(message.MuteDetail, {
      actionsSuppressedBy: message.ActionsSuppressedBy,
      actionsSuppressedReason: message.ActionsSuppressedReason,
    }),
    tags: readTags(message.AlarmTags),
  };
}

/** Plain alarms describe one metric in `Trigger` itself, metric math and queries list theirs in `Trigger.Metrics`. */
function readTrigger(
  trigger: Trigger | null,
  attributes: Readonly<Record<string, string>>,
): Pick<AlarmReading, "metrics" | "refs" | "oneMetric"> {
  const listed = readMetrics(trigger?.metrics ?? [], attributes);
  if (!trigger?.metricName) {
    return { ...listed, refs: [...listed.refs, ...refsFromDimensions(trigger?.dimensions ?? {})] };
  }
  const plain = {
    namespace: trigger.namespace ?? "",
    name: trigger.metricName,
    statistic: statisticName(trigger.statistic ?? trigger.extendedStatistic),
    dimensions: trigger.dimensions,
    periodSeconds: trigger.period ?? null,
  };
  return {
    metrics: [plain, ...listed.metrics],
    refs: [...refsFromDimensions(plain.dimensions), ...listed.refs],
    oneMetric: listed.metrics.length === 0,
  };
}

function readReason(message: SnsMessage): StateReason {
  const said = readStateReason(message.NewStateReason ?? "", message.NewStateReasonData);
  const trigger = message.Trigger;
  const children = readChildAlarms(message.TriggeringChildren);
  return {
    // An anomaly alarm's threshold is a band; the 0 that SNS puts there means nothing.
    threshold: trigger?.thresholdMetricId ? null : (trigger?.threshold ?? said.threshold),
    comparison: trigger?.comparisonOperator ?? said.comparison,
    recentDatapoints: said.recentDatapoints,
    childAlarms: children.length > 0 ? children : said.childAlarms,
  };
}
