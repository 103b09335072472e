import * as z from "zod";
import { policySchema, thresholdsSchema } from "../settings.ts";
import { alarmSightSchema } from "./alarm.ts";
import { databaseContextSchema } from "./context.ts";
import { signalSchema } from "./signal.ts";
import { targetSchema } from "./target.ts";

export const tierSchema = z.enum(["immediate", "performance", "health"]);
export type Tier = z.infer<typeof tierSchema>;

/** Something the responder wanted to see and could not, and what would make it visible. */
export const missingSchema = z.object({
  what: z.string(),
  reason: z.string(),
  howToSee: z.string().nullable(),
});
export type Missing = z.infer<typeof missingSchema>;

export const probeResultSchema = z.object({
  id: z.string(),
  spec: z.array(z.string()),
  tier: tierSchema,
  status: z.enum(["ok", "skipped", "failed", "timeout"]),
  /** Why it is not `ok`; null when it is. */
  reason: z.string().nullable(),
  howToSee: z.string().nullable(),
  rows: z.array(z.json()),
  /** Rows the probe found; larger than `rows.length` when `truncated`. */
  rowCount: z.number().int().nonnegative(),
  truncated: z.boolean(),
  /** Time between sending its statements and having their rows. */
  tookMs: z.number().nonnegative(),
  /** Statements it sent itself: an answer that another probe had brought already costs nothing again. */
  statements: z.number().int().nonnegative(),
});
export type ProbeResult = z.infer<typeof probeResultSchema>;

/** How far the way to the database was open (P1). */
export const connectionSchema = z.object({
  status: z.enum(["connected", "not-connected", "not-tried"]),
  failedStep: z
    .enum(["name-resolution", "tcp", "tls", "sign-in", "no-free-slot", "handshake", "session"])
    .nullable(),
  /** The driver's or server's own words, without secrets. */
  detail: z.string().nullable(),
  /** SQLSTATE or error number of a server that answers and refuses; absent where it said none, and from older evidence. */
  refusedWith: z.string().exactOptional(),
  /** What such a failure usually means, for a person. */
  pointsTo: z.string().nullable(),
  tookMs: z.number().nonnegative(),
  /** Who signed in, as a GRANT names it; absent from older evidence and where nobody did. */
  account: z.string().optional(),
});
export type Connection = z.infer<typeof connectionSchema>;

export const metricSeriesSchema = z.object({
  /** CloudWatch metric name, or the id of a derived one. */
  id: z.string(),
  namespace: z.string(),
  dimensions: z.record(z.string(), z.string()),
  statistic: z.string(),
  unit: z.string().nullable(),
  periodSeconds: z.number().positive(),
  /** Oldest first. */
  points: z.array(z.object({ at: z.string(), value: z.number() })),
});
export type MetricSeries = z.infer<typeof metricSeriesSchema>;

const { shape: policy } = policySchema;

/** What a diagnosis reads of the settings, and nothing of whom to tell or to ask. */
const judgedBySchema = z.object({
  thresholds: z.object(thresholdsSchema.shape),
  policy: z.object({
    protectedUsers: policy.protectedUsers,
    protectedApplications: policy.protectedApplications,
    protectedQueries: policy.protectedQueries,
    optOutComment: policy.optOutComment,
    maxRollbackRows: policy.maxRollbackRows,
  }),
});
export type JudgedBy = z.infer<typeof judgedBySchema>;

/** Everything a diagnosis rests on. Recordable, replayable: the same evidence gives the same answer. */
export const evidenceSchema = z.object({
  schema: z.literal("evidence.v1"),
  target: targetSchema,
  signal: signalSchema.nullable(),
  collectedAt: z.string(),
  connection: connectionSchema,
  probes: z.array(probeResultSchema),
  metrics: z.array(metricSeriesSchema),
  missing: z.array(missingSchema),
  /** Absent from evidence that was recorded before there was one, null when it could not be collected. */
  context: databaseContextSchema.nullable().optional(),
  /** How the alarms of the incident stood; absent where there is no incident. */
  alarms: z.array(alarmSightSchema).optional(),
  /** What it was judged with; absent from evidence that was recorded before it was kept. */
  judgedBy: judgedBySchema.optional(),
});
export type Evidence = z.infer<typeof evidenceSchema>;

/** What the in-VPC probe function hands back; bounded so that it fits the state machine's 256 KiB. */
export const probeReportSchema = z.object({
  schema: z.literal("probe-report.v1"),
  target: targetSchema,
  collectedAt: z.string(),
  connection: connectionSchema,
  probes: z.array(probeResultSchema),
});
export type ProbeReport = z.infer<typeof probeReportSchema>;

/** What the collecting function outside the VPC hands back. */
export const contextReportSchema = z.object({
  schema: z.literal("context-report.v1"),
  metrics: z.array(metricSeriesSchema),
  missing: z.array(missingSchema),
  context: databaseContextSchema.nullable().optional(),
  alarms: z.array(alarmSightSchema).optional(),
});
export type ContextReport = z.infer<typeof contextReportSchema>;
