import * as z from "zod";
import { metricEntriesSchema, readMetrics } from "./alarm-metrics.ts";
import { type AlarmReading, contributorSchema } from "./alarm-reading.ts";
import { mutedBecause } from "./muted.ts";
import {
  alarmNameSchema,
  alarmStateSchema,
  alarmTimeSchema,
  optionalTextSchema,
  readTags,
} from "./shapes.ts";
import { readStateReason } from "./state-reason.ts";

/**
 * The document that Lambda carries as `alarmData` and EventBridge as `detail`. `previousState` is absent from
 * contributors and not needed; PromQL alarms have no reason and no metrics, composite ones no metrics.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
 */
export const alarmDocumentSchema = z.looseObject({
  alarmName: alarmNameSchema,
  state: z.looseObject({
    value: alarmStateSchema,
    reason: optionalTextSchema,
    reasonData: z.unknown().optional(),
    timestamp: alarmTimeSchema,
    actionsSuppressedBy: optionalTextSchema,
    actionsSuppressedReason: optionalTextSchema,
  }),
  configuration: z
    .looseObject({ description: optionalTextSchema, metrics: metricEntriesSchema.nullish() })
    .nullish(),
  alarmContributor: contributorSchema.nullish(),
  muteDetail: z.unknown().optional(),
  alarmTags: z.unknown().optional(),
});
type AlarmDocument = z.infer<typeof alarmDocumentSchema>;

export function readDocument(
  document: AlarmDocument,
  origin: Pick<AlarmReading, "via" | "arn" | "accountId" | "region">,
): AlarmReading {
  const { state, configuration, alarmContributor } = document;
  const reason = state.reason ?? "";
  return {
    ...origin,
    name: document.alarmName,
    description: configuration?.description ?? null,
    state: state.value,
    reason,
    at: state.timestamp,
    contributorId: alarmContributor?.id ?? null,
    ...readMetrics(configuration?.metrics ?? [], alarmContributor?.attributes ?? {}),
    stateReason: readStateReason(reason, state.reasonData),
    mutedBecause: mutedBecause(document.muteDetail, state),
    tags: readTags(document.alarmTags),
  };
}
