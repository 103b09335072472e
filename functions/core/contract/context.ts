import * as z from "zod";
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

/** Who waits for a table, as PostgreSQL's log of lock waits has it at its end. */
export const tableQueueSchema = z.object({
  /** Their numbers (oid). */
  relation: z.string(),
  database: z.string(),
  /** The newest word of it. */
  until: z.string(),
  /** Since when the oldest of those waits of whom was read. */
  since: z.string(),
  /** Processes that had the table by that word. */
  holders: z.array(z.string()),
  /** By the server's own list, without those who have said something since. */
  waiting: z.number(),
  /** The request that those behind it wait for; null: none, or they may all wait for who has the table. */
  request: z
    .object({
      process: z.string(),
      user: z.string().nullable(),
      since: z.string(),
      statement: z.string().nullable(),
      behind: z.number(),
    })
    .nullable(),
  /** What the others want to do, most frequent first. */
  statements: z.array(z.string()),
});
export type TableQueue = z.infer<typeof tableQueueSchema>;

/** A transaction that keeps rows others wait for, as PostgreSQL's log of lock waits has it at its end. */
export const rowHolderSchema = z.object({
  /** "0": a prepared transaction. */
  process: z.string(),
  /** Since when the first of those waits who wait still. */
  since: z.string(),
  /** Those behind who waits for it among them. */
  waiting: z.number(),
  table: textSchema,
  /** What most of them want to do. */
  statement: textSchema,
});
export type RowHolder = z.infer<typeof rowHolderSchema>;

export const logExcerptSchema = z.object({
  file: z.string(),
  kind: z.enum(["error", "slow"]),
  lastWrittenAt: timeSchema,
  /** The end of the file, oldest first, without literals of statements unless the settings want them. */
  lines: z.array(z.string()),
  /** There is more before the first line, or between them. */
  truncated: z.boolean(),
  /**
   * From when on no message is left out but statements and connections that are logged; null: in the whole file. Absent
   * from older evidence, and where a report was cut.
   */
  wholeSince: timeSchema.exactOptional(),
  /** Places in `lines` of those that a client may have written. Absent: none, and from older evidence. */
  doubted: z.array(z.number()).exactOptional(),
  /** So many lines inside of statements were left out that could be the server's own. Absent: none. */
  hidden: z.number().exactOptional(),
  /** Of the end that was read, before lines were left out. Absent from older evidence, and of MySQL and MariaDB. */
  read: z
    .object({
      messages: z.number(),
      /** Between the first and the last of them, by the server's clock. */
      seconds: z.number(),
      until: timeSchema,
      /** ERRORs of each database, most first. */
      errors: z.array(z.object({ database: z.string(), count: z.number() })),
      /** Sessions that began and ended within two seconds, where both is logged. Absent from older evidence. */
      visits: z.number().exactOptional(),
      /** Queues that stand, the largest first. Absent: none, and from older evidence. */
      queues: z.array(tableQueueSchema).exactOptional(),
      /** Those for whom most wait first. Absent: none, and from older evidence. */
      rowHolders: z.array(rowHolderSchema).exactOptional(),
    })
    .exactOptional(),
});
export type LogExcerpt = z.infer<typeof logExcerptSchema>;

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
