import * as z from "zod";
import { commonDatabaseSchema, oneDatabaseSchema, sharedSignIns } from "./database-settings.ts";
import { failoverSettingsSchema } from "./failover-settings.ts";
import { protectedApplications, protectedUsers } from "./protected-names.ts";
import { schedulesSchema } from "./schedule-settings.ts";
import { atMost, blind, day, hung, silent, slackUserSchema } from "./settings-bounds.ts";
import { webhooksSchema } from "./webhook-settings.ts";

/** SPEC T; every threshold of every rule. Names are those of the command line's --set. */
export const thresholdsSchema = z.strictObject({
  slowQuerySeconds: z.number().positive().default(1),
  longRunningSeconds: z.number().positive().default(60),
  killCandidateSeconds: z.number().positive().default(300),
  connectionsWarnPercent: z.number().min(1).max(100).default(80),
  connectionsCriticalPercent: z.number().min(1).max(100).default(90),
  idleSessionSeconds: z.number().positive().default(300),
  leakIdleSeconds: z.number().positive().default(600),
  idleInTransactionSeconds: z.number().positive().default(60),
  /** A blocker of many, or of those that take the last slots, may be ended from this age on instead of the two above. */
  manyWaitingSeconds: z.number().positive().default(10),
  replicationLagSeconds: z.number().positive().default(60),
  indexBloatPercent: z.number().min(1).max(100).default(50),
  indexBloatMinMb: z.number().nonnegative().default(10),
  rareIndexScans: z.number().nonnegative().default(100),
  /** An index is not called unused before its scans were counted this long: a monthly report uses it, too. */
  unusedIndexSeconds: z.number().positive().default(604_800),
  matviewStaleSeconds: z.number().positive().default(300),
  /** Of a database's transactions, rolled back. */
  errorRatePercent: z.number().min(0.1).max(100).default(5),
  cacheHitPercent: z.number().min(1).max(100).default(95),
  cpuPercent: z.number().min(1).max(100).default(80),
  memoryUsedPercent: z.number().min(1).max(100).default(90),
  storageFreePercent: z.number().min(1).max(100).default(20),
  storageCriticalPercent: z.number().min(1).max(100).default(15),
  ioLatencySeconds: z.number().positive().default(0.02),
  burstBalancePercent: z.number().min(1).max(100).default(20),
  walRetainedMb: z.number().positive().default(10_240),
});
export type Thresholds = z.infer<typeof thresholdsSchema>;

export const modeSchema = z.enum(["observe", "approve", "auto"]);
export type Mode = z.infer<typeof modeSchema>;

const modesSchema = z.strictObject({
  safe: modeSchema.default("approve"),
  disruptive: modeSchema.default("approve"),
  irreversible: modeSchema.default("observe"),
});

/** A weekly window in UTC during which `auto` may act; outside it, `auto` becomes `approve`. */
const windowSchema = z.strictObject({
  days: z.array(z.enum(["mon", "tue", "wed", "thu", "fri", "sat", "sun"])).min(1),
  fromHour: z.number().int().min(0).max(23),
  toHour: z.number().int().min(1).max(24),
});
export type ChangeWindow = z.infer<typeof windowSchema>;

const instanceClassSchema = z
  .string()
  .regex(
    /^db\.[a-z0-9-]+\.(micro|small|medium|large|\d*xlarge)$/,
    "is no class with a size (db.r7g.4xlarge)",
  );

/** What classes cost here: AWS's list differs by Region, engine and contract, and no copy of it in a program stays true. */
const pricesSchema = z.strictObject({
  asOf: z.iso.date(),
  source: z.string().min(1),
  currency: z.string().min(1).default("USD"),
  /** One instance, for an hour. */
  perHour: z.record(instanceClassSchema, z.number().positive()),
});

export const policySchema = z.strictObject({
  /** Overridden by the tags rds-responder:mode and rds-responder:mode-<risk> of a database. */
  modes: modesSchema.prefault({}),
  /** No window: any time. */
  changeWindow: windowSchema.nullable().default(null),
  /** Users and applications by name, whatever the case; `*` stands for any text. */
  protectedUsers: z.array(z.string()).default([...protectedUsers]),
  protectedApplications: z.array(z.string()).default([...protectedApplications]),
  protectedQueries: z.array(z.string()).default([]),
  /**
   * Whether sessions of administrators may be ended too: members of rds_superuser, on MySQL and MariaDB whoever may
   * create users. Only for where an application signs in as the master user; better it gets a user of its own.
   */
  actOnAdministrators: z.boolean().default(false),
  optOutComment: z.string().min(3).default("rds-responder:never"),
  maxSessionsPerAction: z.number().int().positive().default(1),
  maxSessionsPerIncident: z.number().int().positive().default(3),
  /** Of one database with its cluster or replicas, across incidents: what comes back so often is not cured by it. */
  maxActionsPerHour: z.number().int().positive().default(6),
  /** After an action nothing else is done for this long: waiters freed by a kill look like new culprits. */
  pauseAfterActionSeconds: atMost(3600, "nothing is done meanwhile, whatever happens")
    .nonnegative()
    .default(15),
  graceSeconds: atMost(30, "the function that acts ends soon after").nonnegative().default(5),
  maxRollbackRows: z.number().int().nonnegative().default(1_000_000),
  /** PostgreSQL does not count rows: a transaction that has worked longer than this is not undone unasked. */
  maxLostWorkSeconds: z.number().nonnegative().default(600),
  /** The largest class that the responder may change to, by size whatever the family: "db.r7g.4xlarge". Null: no limit. */
  maxInstanceClass: instanceClassSchema.nullable().default(null),
  /** Null: a change of class says how many times as much it costs, and no amount. */
  prices: pricesSchema.nullable().default(null),
  /** Nobody can have a database left alone for longer by a command. */
  maxSnoozeSeconds: atMost(day, "what is left alone for longer is forgotten").int().positive().default(day),
  /** An order is not carried out later than this after it was issued. */
  orderSeconds: atMost(600, "what it was ordered for is over by then").positive().default(60),
  approvalSeconds: atMost(day, "a request older than a day is about another situation")
    .int()
    .positive()
    .default(900),
  /** Slack user ids. Empty: nobody may approve. */
  approvers: z.array(slackUserSchema).default([]),
  /** What of the application may be called, signed (A30). */
  webhooks: webhooksSchema.prefault({}),
  schedules: schedulesSchema.default([]),
});
export type Policy = z.infer<typeof policySchema>;

const watchSchema = z.strictObject({
  /** Between two looks while something is wrong, and after an action. */
  checkSeconds: atMost(600, blind).int().positive().default(20),
  /** The database must look healthy this long without a break before an incident resolves. */
  healthySeconds: atMost(day, "no new incident of its group opens before that")
    .int()
    .positive()
    .default(1800),
  /** Between two looks while it is healthy. */
  healthyCheckSeconds: atMost(600, blind).int().positive().default(60),
  unreachableEscalateSeconds: atMost(21_600, silent).int().positive().default(600),
  /** So long it may be unclear whether the database is well, or an alarm stand without a cause, before a person is told. */
  unknownEscalateSeconds: atMost(21_600, silent).int().positive().default(600),
  /** So long an acknowledgement holds the escalation, unless it gets worse. */
  acknowledgeSeconds: atMost(21_600, silent).int().positive().default(1800),
  /** Looks at an unchanged, unsolved incident before it is handed to a person. */
  maxUnsolvedChecks: atMost(1000, silent).int().positive().default(30),
});

const probingSchema = z.strictObject({
  connectTimeoutMs: atMost(60_000, hung).int().positive().default(3000),
  immediateTimeoutMs: atMost(60_000, hung).int().positive().default(2000),
  otherTimeoutMs: atMost(60_000, hung).int().positive().default(10_000),
  lockTimeoutMs: atMost(10_000, "others queue behind a lock that is waited for")
    .int()
    .positive()
    .default(500),
  /** Whole tier `immediate`, connecting included. */
  deadlineMs: atMost(120_000, hung).int().positive().default(8000),
  /** "raw" puts literals of statements into evidence and messages. */
  queryText: z.enum(["normalised", "raw"]).default("normalised"),
  sampleSeconds: atMost(60, "a look takes as long").positive().default(1),
});

const slackSchema = z.strictObject({
  channel: z.string().min(1).default("#db-incidents"),
  /** Who may ask with /db besides `policy.approvers`. */
  users: z.array(slackUserSchema).default([]),
});

/**
 * Everything that can be set. Lives in one SSM parameter, written from responder.config.ts at deploy time. A name that
 * it does not know is refused on every level: dropped in silence, a misspelt protection would leave its default in force.
 */
export const settingsSchema = z
  .strictObject({
    schema: z.literal("settings.v1").default("settings.v1"),
    thresholds: thresholdsSchema.prefault({}),
    policy: policySchema.prefault({}),
    watch: watchSchema.prefault({}),
    probing: probingSchema.prefault({}),
    /** Repeats of one alarm inside this time only update its incident. */
    cooldownSeconds: atMost(day, "a new alarm would not be told from its repeats")
      .int()
      .nonnegative()
      .default(300),
    slack: slackSchema.prefault({}),
    failover: failoverSettingsSchema.prefault({}),
    /** For databases without an entry of their own. */
    database: commonDatabaseSchema.prefault({}),
    /** By DB instance or cluster identifier. */
    databases: z.record(z.string(), oneDatabaseSchema).default({}),
    /** Alarm name → DB instance or cluster identifier, for alarms whose dimensions name no database. */
    alarms: z.record(z.string(), z.string()).default({}),
    /** Group name → ISO time until which nothing is done to it (snooze, maintenance). */
    exempt: z.record(z.string(), z.string()).default({}),
  })
  .superRefine(({ database, databases }, context) => {
    const own = Object.entries(databases).map(([name, entry]) => [`databases.${name}`, entry] as const);
    for (const shared of sharedSignIns({ database, ...Object.fromEntries(own) })) {
      const message = `${shared}: probes would sign in as the acting user`;
      context.addIssue({ code: "custom", path: ["databases"], message });
    }
  });
export type Settings = z.infer<typeof settingsSchema>;

export const defaultSettings: Settings = settingsSchema.parse({});
