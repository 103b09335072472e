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
  user: z.string().nullable(),
  application: z.string().nullable(),
  kind: sessionSchema.shape.kind,
  wraparound: truth,
  superuser: truth,
  own: truth,
  state: sessionSchema.shape.state,
  leaderId: whole.nullable(),
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
