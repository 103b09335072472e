import * as z from "zod";
import { signalMetricSchema } from "./signal.ts";

/** By what an alarm on one metric decides. Composite, metric-math and anomaly alarms have none: their state counts. */
export const alarmRuleSchema = z.object({
  metric: signalMetricSchema,
  periodSeconds: z.number().int().positive(),
  comparison: z.enum([
    "GreaterThanOrEqualToThreshold",
    "GreaterThanThreshold",
    "LessThanThreshold",
    "LessThanOrEqualToThreshold",
  ]),
  threshold: z.number(),
});
export type AlarmRule = z.infer<typeof alarmRuleSchema>;

/** An alarm that was attached to an incident, as far as is known of it now (SPEC S12). */
export const attachedAlarmSchema = z.object({
  /** Its ARN, or its name where none is known; with the contributor of an alarm over many series. */
  key: z.string(),
  name: z.string(),
  arn: z.string().nullable(),
  contributor: z.string().nullable(),
  /** It fired and was not seen OK since. */
  standing: z.boolean(),
  since: z.string(),
  /** Of the newest transition that was told: an older one that arrives late changes nothing. */
  at: z.string(),
  /** Null: judged by its state alone. */
  rule: alarmRuleSchema.nullable(),
  /** The newest look read its metric, and it lies inside the alarm's own threshold. */
  inside: z.boolean(),
  /** What the newest look saw of it, in words; null before the first look. */
  says: z.string().nullable(),
});
export type AttachedAlarm = z.infer<typeof attachedAlarmSchema>;

/** What one look saw of an attached alarm. */
export const alarmSightSchema = z.object({
  key: z.string(),
  /** As CloudWatch answered; "gone": it knows no such alarm any more; null: it could not be asked. */
  state: z.enum(["OK", "ALARM", "INSUFFICIENT_DATA", "gone"]).nullable(),
  rule: alarmRuleSchema.nullable(),
  /** Newest value of its metric in the alarm's own statistic. */
  latest: z.object({ at: z.string(), value: z.number() }).nullable(),
  /** Why state or value is not there. */
  missing: z.string().nullable(),
});
export type AlarmSight = z.infer<typeof alarmSightSchema>;
