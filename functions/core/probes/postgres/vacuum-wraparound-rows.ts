import * as z from "zod";
import { defineRows } from "../define-rows.ts";

/**
 * The server stops assigning ids 3,000,000 before the wrap, at 2^31; multixacts likewise.
 * https://www.postgresql.org/docs/current/routine-vacuuming.html#VACUUM-FOR-WRAPAROUND
 */
export const usableIds = 2 ** 31 - 3_000_000;

const distance = z.number().int().nonnegative();

/** How near a database, or a table of the connected one, is to running out of transaction ids; databases first. */
export const wraparoundRowSchema = z.object({
  kind: z.enum(["database", "table"]),
  name: z.string(),
  /** Transactions since the oldest one that is not frozen. */
  xidAge: distance,
  /** The same for multixacts: rows locked by several transactions at once. */
  multixactAge: distance,
  /** Autovacuum to prevent wraparound begins beyond these; for a table, its own setting counts. */
  freezeMaxAge: distance,
  multixactFreezeMaxAge: distance,
  /** Of the ids until the server refuses to write, the worse of the two. */
  percentUsed: z.number().nonnegative(),
  xidsLeft: distance,
  bytes: z.number().nonnegative().nullable(),
  /** The table whose TOAST table this is; null otherwise. */
  toastOf: z.string().nullable(),
  /** Of the table, or of the one whose TOAST table it is; null for a database and in older evidence. */
  schema: z.string().nullable().default(null),
  /** Of a database: nobody can connect to it; null for a table and in older evidence. */
  closed: z.boolean().nullable().default(null),
  /** Who may vacuum it; null for a database, and where older evidence does not say. */
  owner: z.string().nullable().default(null),
  /** Only the session that made it can vacuum it; it goes with that session. */
  temporary: z.boolean().default(false),
});
export type WraparoundRow = z.infer<typeof wraparoundRowSchema>;

export const postgresVacuumWraparoundRows = defineRows({
  id: "postgres-vacuum-wraparound",
  row: wraparoundRowSchema,
});
