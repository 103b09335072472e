import * as z from "zod";

/** One backend or connection, in the same shape for every engine. Ages are measured by the server's clock. */
export const sessionSchema = z.object({
  /** PostgreSQL pid, MySQL/MariaDB processlist id. */
  id: z.number().int(),
  /** With `id`, unrepeatable: PostgreSQL backend_start text; MySQL and MariaDB "user@host:port". */
  sessionKey: z.string(),
  /**
   * With the two above, names one statement of one session: PostgreSQL query_start text and md5 of the raw
   * query; MySQL statement event id and digest; MariaDB query id. Null when the engine cannot tell.
   */
  statementKey: z.string().nullable(),
  user: z.string().nullable(),
  application: z.string().nullable(),
  client: z.string().nullable(),
  database: z.string().nullable(),
  kind: z.enum(["client", "parallel-worker", "replication", "autovacuum", "event", "system"]),
  /** Anti-wraparound autovacuum: restarts at once when cancelled, so it is never touched. */
  wraparound: z.boolean(),
  superuser: z.boolean(),
  /** PostgreSQL: a member of rds_superuser. Null where it was not seen; the action asks again. */
  administrator: z.boolean().nullable().default(null),
  /** This very connection of the responder, or another session of the responder. */
  own: z.boolean(),
  state: z.enum(["active", "idle", "idle-in-transaction", "idle-in-transaction-aborted", "other"]),
  /** Null where it is not known, as of a MySQL session asleep in a transaction whose statements are not recorded. */
  stateSeconds: z.number().nullable(),
  /** Where it is not known but bounded: MySQL counts a sleep from when the statement before it began. */
  stateAtMostSeconds: z.number().exactOptional(),
  /**
   * When the state began, as the server's own text: PostgreSQL state_change, MySQL the second in which the command
   * began. With the statement it names one idle period. Null when the engine cannot tell.
   */
  stateSince: z.string().nullable().default(null),
  /** It sleeps, and whether in a transaction could not be seen: its state is "other", and nobody touches it. */
  transactionUnknown: z.boolean().exactOptional(),
  transactionSeconds: z.number().nullable(),
  statementSeconds: z.number().nullable(),
  sessionSeconds: z.number().nullable(),
  waitEvent: z.string().nullable(),
  /** Current statement, or the last one of an idle session; literals removed unless settings say otherwise. */
  query: z.string().nullable(),
  /** Set on a parallel worker: the session that it works for. */
  leaderId: z.number().int().nullable(),
  /** Rows the open transaction has changed; what a kill has to roll back. Null when the engine cannot tell. */
  rowsModified: z.number().nullable(),
  /** Whether the open transaction is its running statement's own and began with it. Absent: not seen. */
  autocommit: z.boolean().exactOptional(),
  /**
   * MySQL and MariaDB: `query` is what the client itself sent, as the server recorded it, and not a statement inside a
   * procedure or an event. Absent: not known.
   */
  sentByClient: z.boolean().exactOptional(),
  /** PostgreSQL: the server, or the look, has kept no more of its text than its beginning. */
  cut: z.literal(true).exactOptional(),
  /** PostgreSQL: idle, and it keeps a snapshot: an open cursor or a portal read in parts, or one for its whole transaction. */
  keepsSnapshot: z.literal(true).exactOptional(),
  /** MySQL: its XA transaction is prepared, and outlives the session with all its locks. Absent: not, or not seen. */
  prepared: z.boolean().exactOptional(),
  /** MySQL and MariaDB: its transaction rolls back, killed or not, or it was killed: nothing makes that faster. */
  ending: z.enum(["killed", "rolling-back"]).exactOptional(),
});
export type Session = z.infer<typeof sessionSchema>;
