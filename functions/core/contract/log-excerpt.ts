import * as z from "zod";

/** ISO 8601, UTC; null where AWS does not say. */
const timeSchema = z.string().nullable();
const textSchema = z.string().nullable();

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
  /** The newest word of who waits for it. Absent from older evidence. */
  until: z.string().exactOptional(),
  /** Since when the first of those waits who wait still. */
  since: z.string(),
  /** Those behind who waits for it among them. */
  waiting: z.number(),
  table: textSchema,
  /** What most of them want to do. */
  statement: textSchema,
});
export type RowHolder = z.infer<typeof rowHolderSchema>;

/** What the end of a slow log is made of, of all that was read: calls that ended within so long before the newest. */
export const slowCallsSchema = z.object({
  /** When the newest ended. */
  until: z.string(),
  /** How long before it no call is left out. */
  spanSeconds: z.number(),
  calls: z.number(),
  /** Of all of them within it, without waits for locks. */
  seconds: z.number(),
  /** Those that take most of that time first. */
  statements: z.array(
    z.object({
      query: z.string(),
      calls: z.number(),
      seconds: z.number(),
      /** Of a call on average, whole. */
      secondsEach: z.number(),
      /** Between the end of the first long one and that of the last. Absent from older evidence. */
      betweenSeconds: z.number().exactOptional(),
      examined: z.number(),
      sent: z.number(),
      /** Null: several. */
      user: textSchema,
    }),
  ),
  /** What waited longest for locks, of all that was read within it. Absent: nothing did, and from older evidence. */
  waits: z
    .object({
      query: z.string(),
      calls: z.number(),
      seconds: z.number(),
      /** Between the first and the last end. Absent: from older evidence. */
      betweenSeconds: z.number().exactOptional(),
      user: textSchema,
    })
    .exactOptional(),
});
export type SlowCalls = z.infer<typeof slowCallsSchema>;

/** Temporary files of clients that PostgreSQL's log tells of (log_temp_files), of its last 15 min. */
const loggedTemporarySchema = z.object({
  files: z.number(),
  bytes: z.number(),
  /** When the first and the last of them were removed. */
  since: z.string(),
  until: z.string(),
  /** Those that wrote most first; null: which it was is not logged. */
  statements: z.array(
    z.object({
      query: textSchema,
      files: z.number(),
      bytes: z.number(),
      /** Null: several. */
      user: textSchema,
    }),
  ),
});
export type LoggedTemporary = z.infer<typeof loggedTemporarySchema>;

/** A table whose last autovacuum within 15 min left dead rows that somebody could still see, by PostgreSQL's log. */
const loggedVacuumSchema = z.object({
  database: z.string(),
  /** With its schema. */
  table: z.string(),
  /** So many have ended, the first and the last of them then. */
  runs: z.number(),
  since: z.string(),
  until: z.string(),
  /** Rows: by all of them together, and after the last. */
  removed: z.number(),
  remain: z.number(),
  /** Dead and not to be removed yet, after the last and after the first. */
  held: z.number(),
  heldAtFirst: z.number(),
  /** Transactions between its horizon and its end; null before version 15. */
  cutoffAge: z.number().nullable(),
});
export type LoggedVacuum = z.infer<typeof loggedVacuumSchema>;

/** Messages of PostgreSQL that say the same, values apart. */
const logKindSchema = z.object({
  level: z.string(),
  /** Null: of the server's own processes. */
  database: textSchema,
  text: z.string(),
  count: z.number(),
  /** Epoch seconds. */
  since: z.number(),
  until: z.number(),
  sessions: z.number(),
  /** As whom most came. */
  user: textSchema,
});

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
  /** Absent from older evidence, and where no call is there. */
  slow: slowCallsSchema.exactOptional(),
  /** Of MySQL and MariaDB: what was said so often that not all of it was kept, most first. Absent: nothing, and from older evidence. */
  repeats: z.array(z.object({ kind: z.string(), count: z.number(), since: z.string() })).exactOptional(),
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
      /** What its last 15 min say most often, statements and connections left out. Absent from older evidence. */
      kinds: z.array(logKindSchema).exactOptional(),
      /** Queues that stand, the largest first. Absent: none, and from older evidence. */
      queues: z.array(tableQueueSchema).exactOptional(),
      /** Those for whom most wait first. Absent: none, and from older evidence. */
      rowHolders: z.array(rowHolderSchema).exactOptional(),
      /** Absent: none, and from older evidence; as are the vacuums that left rows, those that left most first. */
      temporary: loggedTemporarySchema.exactOptional(),
      vacuums: z.array(loggedVacuumSchema).exactOptional(),
    })
    .exactOptional(),
});
export type LogExcerpt = z.infer<typeof logExcerptSchema>;
