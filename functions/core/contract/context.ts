import * as z from "zod";
import { logExcerptSchema } from "./log-excerpt.ts";
import { topologySchema } from "./topology.ts";

/** ISO 8601, UTC; null where AWS does not say. */
const timeSchema = z.string().nullable();
const textSchema = z.string().nullable();

export const readingUnitSchema = z.enum([
  "percent",
  "seconds",
  "bytes",
  "bytes-per-second",
  "per-second",
  "count",
  "average-sessions",
  "acu",
]);
export type ReadingUnit = z.infer<typeof readingUnitSchema>;

/** One value for each step from that time on, in four digits; null where CloudWatch has none. */
export const earlierSchema = z.object({
  from: z.string(),
  stepSeconds: z.number(),
  values: z.array(z.number().nullable()).max(60),
});
export type Earlier = z.infer<typeof earlierSchema>;

/** One metric of one instance or cluster, in one unit whatever the flavour. */
export const metricReadingSchema = z.object({
  /** CloudWatch's name of it. */
  id: z.string(),
  /** DB instance or cluster identifier. */
  subject: z.string(),
  statistic: z.string(),
  unit: readingUnitSchema,
  latest: z.number().nullable(),
  at: timeSchema,
  peak: z.number().nullable(),
  lowest: z.number().nullable(),
  /** Mean over the same window a day and a week ago; null: not read or no data then. */
  baselineDay: z.number().nullable(),
  baselineWeek: z.number().nullable(),
  /** The highest that lasted within the hour around that time; null too where the lowest hurts, absent where older. */
  heldDay: z.number().nullable().optional(),
  heldWeek: z.number().nullable().optional(),
  /** The three hours before the window; absent where older, or not read. */
  earlier: earlierSchema.optional(),
  /** The most there can be, in the same unit: vCPUs for DB load, allocated bytes for free storage, ACU for capacity. */
  capacity: z.number().nullable(),
  state: z.enum(["ok", "missing", "not-replicating", "zero-by-absence"]),
  /** How to read it where that is not plain. */
  note: textSchema,
});
export type MetricReading = z.infer<typeof metricReadingSchema>;

export const rdsEventSchema = z.object({
  at: z.string(),
  /** DB instance, cluster or parameter group. */
  subject: z.string(),
  source: z.enum(["instance", "cluster", "parameter-group"]),
  categories: z.array(z.string()),
  message: z.string(),
});
export type RdsEvent = z.infer<typeof rdsEventSchema>;

export const loadDimensionSchema = z.object({
  by: z.enum(["wait-event", "statement", "user", "host"]),
  items: z.array(
    z.object({
      name: z.string(),
      id: textSchema,
      /** Average active sessions over the window. */
      load: z.number(),
      waits: z.array(z.object({ name: z.string(), load: z.number() })),
    }),
  ),
});
export type LoadDimension = z.infer<typeof loadDimensionSchema>;

export const backupsSchema = z.object({
  newestSnapshot: z
    .object({ id: z.string(), at: z.string(), type: textSchema, status: textSchema })
    .nullable(),
  /** Window of point-in-time recovery. */
  restorableFrom: timeSchema,
  restorableTo: timeSchema,
});
export type Backups = z.infer<typeof backupsSchema>;

export const changeSchema = z.object({
  at: z.string(),
  /** `cloudtrail`: somebody called the API. `rds-event`: RDS says that something changed. */
  source: z.enum(["cloudtrail", "rds-event"]),
  subject: z.string(),
  /** API call or event category. */
  what: z.string(),
  by: textSchema,
  detail: textSchema,
  /** Error code of a call that was refused; null when it went through. */
  error: textSchema,
  /** What the call replaced, by the names of its parameters, where its answer shows it. */
  before: z.record(z.string(), z.string()).exactOptional(),
});
export type Change = z.infer<typeof changeSchema>;

/** Everything that AWS knows about the database without touching it (SPEC M). A null part could not be read. */
export const databaseContextSchema = z.object({
  schema: z.literal("database-context.v1"),
  readAt: z.string(),
  topology: topologySchema.nullable(),
  readings: z.array(metricReadingSchema),
  /** Newest first. */
  events: z.array(rdsEventSchema).nullable(),
  logs: z.array(logExcerptSchema).nullable(),
  /** Null also when Performance Insights is off. */
  load: z.array(loadDimensionSchema).nullable(),
  /** Of the source that the database follows: who writes what it has to apply. Absent where it follows none. */
  sourceLoad: z.array(loadDimensionSchema).nullable().optional(),
  backups: backupsSchema.nullable(),
  /** Newest first. */
  changes: z.array(changeSchema).nullable(),
});
export type DatabaseContext = z.infer<typeof databaseContextSchema>;
