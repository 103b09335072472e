import * as z from "zod";
import { defineRows } from "../define-rows.ts";

/** One thing that keeps vacuum from removing rows; the oldest horizon first. */
export const oldestXminRowSchema = z.object({
  /** `standby` is hot_standby_feedback of a replica that streams without a slot. */
  holder: z.enum(["session", "prepared-transaction", "replication-slot", "standby"]),
  /** Pid, global transaction id or slot name. */
  name: z.string(),
  /** With the pid, unrepeatable; null for what is no session. */
  sessionKey: z.string().nullable(),
  /** Transactions begun since: how far back rows must be kept. */
  xminAge: z.number().int().nonnegative(),
  /** A slot's catalog_xmin holds only the system catalogs. */
  catalogOnly: z.boolean(),
  /** Since the transaction began, or was prepared. Null for slots and standbys, which do not say. */
  seconds: z.number().nonnegative().nullable(),
  /** Session and standby: its state; slot: active or inactive. */
  state: z.string().nullable(),
  user: z.string().nullable(),
  application: z.string().nullable(),
  client: z.string().nullable(),
  /** Null: the slot or session belongs to no database, so it holds all of them back. */
  database: z.string().nullable(),
  query: z.string().nullable(),
});
export type OldestXminRow = z.infer<typeof oldestXminRowSchema>;

export const postgresOldestXminRows = defineRows({ id: "postgres-oldest-xmin", row: oldestXminRowSchema });

/** Slots: asked for themselves, because Aurora may refuse them. Older evidence has them among the others. */
export const postgresOldestXminSlotsRows = defineRows({
  id: "postgres-oldest-xmin-slots",
  row: oldestXminRowSchema,
});
