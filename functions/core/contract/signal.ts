import * as z from "zod";

/** A database as an alarm names it, before RDS was asked what it is. */
export const databaseRefSchema = z.object({
  kind: z.enum(["instance", "cluster", "resource-id"]),
  id: z.string().min(1),
});
export type DatabaseRef = z.infer<typeof databaseRefSchema>;

export const signalMetricSchema = z.object({
  namespace: z.string(),
  name: z.string(),
  statistic: z.string().nullable(),
  dimensions: z.record(z.string(), z.string()),
  /** Absent where the envelope does not tell, and in what was recorded before it was kept. */
  periodSeconds: z.number().int().positive().nullable().optional(),
});
export type SignalMetric = z.infer<typeof signalMetricSchema>;

/** Whatever started the responder, in one shape. Source: facts/aws.md §1 for each envelope. */
export const signalSchema = z.object({
  schema: z.literal("signal.v1"),
  /** The same for every delivery of the same transition: alarm + state + time of the transition. */
  id: z.string().min(1),
  kind: z.enum(["alarm", "manual", "rds-event"]),
  via: z.enum(["lambda", "eventbridge", "sns", "slack", "cli"]),
  name: z.string().min(1),
  arn: z.string().nullable(),
  description: z.string().nullable(),
  state: z.enum(["ALARM", "OK", "INSUFFICIENT_DATA"]),
  reason: z.string(),
  /** ISO 8601, UTC. */
  at: z.string(),
  accountId: z.string().nullable(),
  region: z.string().nullable(),
  metrics: z.array(signalMetricSchema),
  /** ARNs of the alarms that made a composite alarm fire. */
  childAlarms: z.array(z.string()),
  /** The alarm compares one metric with a number: no metric math, no query, no band. Absent: not known. */
  oneMetric: z.boolean().optional(),
  /** Which series of an alarm over many fired; null or absent for other alarms. */
  contributor: z.string().nullable().optional(),
  threshold: z.number().nullable(),
  comparison: z.string().nullable(),
  recentDatapoints: z.array(z.number()),
  /** Why nobody wants to hear of this alarm now (mute rule, suppressor); null when it is wanted. */
  mutedBecause: z.string().nullable(),
  tags: z.record(z.string(), z.string()),
  /** Databases that dimensions, contributor attributes or tags name, most specific first. */
  databases: z.array(databaseRefSchema),
});
export type Signal = z.infer<typeof signalSchema>;

/** A piece of an event that could not be understood; goes to the dead-letter queue with its reason. */
export interface Rejection {
  /** One of a fixed set, for the metric; the sentence is in `reason`. */
  readonly code:
    | "not-json"
    | "unknown-envelope"
    | "wrong-shape"
    | "too-large"
    | "not-a-database-alarm"
    | "empty";
  readonly reason: string;
  /** Path of the offending field, when one is to blame. */
  readonly field: string | null;
  readonly raw: unknown;
}

export interface SignalParse {
  readonly signals: readonly Signal[];
  readonly rejected: readonly Rejection[];
}
