import * as z from "zod";

/** Rows that mean the same on every engine, so that rules need not know which one answered. */

/** P1, P21. One row. */
export const serverRowSchema = z.object({
  version: z.string(),
  /** False on a standby or with read_only / super_read_only on. */
  writable: z.boolean(),
  readOnlyBecause: z.string().nullable(),
  uptimeSeconds: z.number(),
  maxConnections: z.number().int(),
  /** Slots that application users cannot take. */
  reservedConnections: z.number().int(),
});
export type ServerRow = z.infer<typeof serverRowSchema>;

/** P2, P22. One row for each (state, application, user, client, database); sorted by count, largest first. */
export const connectionGroupSchema = z.object({
  state: z.enum(["active", "idle", "idle-in-transaction", "idle-in-transaction-aborted", "other"]),
  application: z.string().nullable(),
  user: z.string().nullable(),
  client: z.string().nullable(),
  database: z.string().nullable(),
  count: z.number().int().positive(),
  /** Sessions of the group that wait for a lock. */
  waitingOnLock: z.number().int().nonnegative(),
  /** Longest and median time in this state. */
  oldestStateSeconds: z.number().nullable(),
  medianStateSeconds: z.number().nullable(),
  /** Sessions in this state for longer than thresholds.idleSessionSeconds / leakIdleSeconds. */
  idleOverSession: z.number().int().nonnegative(),
  idleOverLeak: z.number().int().nonnegative(),
  /**
   * PostgreSQL: of idleOverLeak, those whose last statement is LISTEN: they idle on purpose, and hold a slot each. Absent
   * where there are none, and from evidence of before they were counted.
   */
  listening: z.number().int().positive().optional(),
  /**
   * Connections made within the last minute; one that has idled past leakIdleSeconds is not new whatever the clock
   * says. Absent where the engine does not keep the time: MySQL and MariaDB.
   */
  openedLastMinute: z.number().int().nonnegative().optional(),
  /**
   * MySQL and MariaDB, whose process list selects by no application: sessions of the group that have idled past
   * leakIdleSeconds, the longest first, as far as they are listed. Absent from evidence of before they were named.
   */
  longestIdle: z.array(z.object({ id: z.number().int(), sessionKey: z.string() })).optional(),
});
export type ConnectionGroup = z.infer<typeof connectionGroupSchema>;
