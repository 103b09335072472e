import * as z from "zod";
import { sessionSchema } from "../../contract/session.ts";

/** MySQL answers comparisons with 0 and 1, PostgreSQL with booleans. Null stays "not known". */
const maybe = z.union([z.boolean(), z.number(), z.null()]).transform((value) => {
  return value === null ? null : value === true || value === 1;
});
/** What is not known to be true is false: only for columns where that is the careful answer. */
const truth = maybe.transform((value) => value === true);
/** 64-bit integers reach us as text. */
const whole = z.union([z.number().int(), z.string().regex(/^\d+$/).transform(Number)]);

/** What the server says of the target's id right now, in one row; aliases of the look statements. */
const victimSchema = z.object({
  id: whole,
  /** The id still belongs to the session that was seen. */
  sameSession: truth,
  /** Its running or last statement is the one that was seen; null when the target names none, or unknowable. */
  sameStatement: maybe,
  /** False when the open transaction is another than the one that was seen; null when that cannot be told. */
  sameTransaction: maybe,
  /** False when it has worked on since it was seen idle, whatever it is at now; null when that cannot be told. */
  sameIdle: maybe,
  user: z.string().nullable(),
  application: z.string().nullable(),
  kind: sessionSchema.shape.kind,
  wraparound: truth,
  superuser: truth,
  /** Null when it could not be seen who is one. */
  administrator: maybe,
  own: truth,
  state: sessionSchema.shape.state,
  /** Asked of an aborted transaction only, which as a rule has given its locks back; else null. */
  holdsLocks: maybe,
  /** Whether it holds an advisory or named lock, waited for or not; null where it was not asked or is not recorded. */
  holdsAdvisory: maybe.default(null),
  /** Whether temporary tables go with it; null where it was not asked or cannot be told. */
  holdsTemporary: maybe.default(null),
  /** PostgreSQL: its transaction has used a view or a foreign table; null where it was not asked. */
  usesViews: maybe.default(null),
  /** PostgreSQL: idle, with a snapshot: an open cursor, a portal read in parts, or REPEATABLE READ. */
  keepsSnapshot: maybe.default(null),
  /** PostgreSQL: somebody waits for its transaction at this moment. */
  blocks: maybe.default(null),
  /** Somebody waits at this moment for what it has, or behind what it asks for; on MySQL and MariaDB for whatever lock. */
  anyoneWaits: maybe.default(null),
  /** PostgreSQL: another session of its database, or a prepared transaction, has rows or a whole table of its own and waits for no row. */
  othersHold: maybe.default(null),
  /** The server has kept no more of its text than this. */
  cut: maybe.default(null),
  leaderId: whole.nullable(),
  /** What it waits for now, by the engine's name; null when it waits for nothing or does not say. */
  waitEvent: z.string().nullable().default(null),
  /** Raw text of the running or last statement; null when there was none. */
  query: z.string().nullable(),
  /** False when the server hides other users' statements from us. */
  visible: truth,
  /** Rows the open transaction has changed, on engines that undo them one by one. */
  rowsModified: whole.nullable(),
  /** MySQL and MariaDB: killed before; its rollback still runs. */
  dying: truth,
});
export type Victim = z.infer<typeof victimSchema>;

export function readVictim(row: unknown): Victim {
  return victimSchema.parse(row);
}

/** The answer to askNamedLocks. */
export function readNamedLocks(row: unknown): boolean | null {
  return z.object({ holdsAdvisory: maybe }).parse(row).holdsAdvisory;
}

/** The answer to askTemporary. */
export function readItsOwn(row: unknown): Pick<Victim, "holdsTemporary" | "usesViews"> {
  return z.object({ holdsTemporary: maybe, usesViews: maybe.default(null) }).parse(row);
}

/** The answer to askAdministrator; a session that is not there any more is nobody's. */
export function readAdministrator(row: unknown): boolean | null {
  return row === undefined ? false : z.object({ administrator: maybe }).parse(row).administrator;
}
