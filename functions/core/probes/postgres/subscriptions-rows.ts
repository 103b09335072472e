import * as z from "zod";
import { defineRows } from "../define-rows.ts";

/** A subscription of logical replication, as its subscriber sees it. Null: not to be seen, or not in this version. */
export const subscriptionRowSchema = z.object({
  name: z.string(),
  database: z.string(),
  enabled: z.boolean(),
  /** An error switches it off (15). */
  disablesOnError: z.boolean().nullable(),
  /** False: it is detached from its slot, as before it is dropped or moved. */
  hasSlot: z.boolean(),
  /** Its apply worker runs. */
  running: z.boolean(),
  /** How long the worker has run. */
  workerSeconds: z.number().nullable(),
  /** Since its worker heard from the publisher. */
  silentSeconds: z.number().nullable(),
  /** Since statistics began (15). */
  applyErrors: z.number().int().nullable(),
  copyErrors: z.number().int().nullable(),
  /** Of this database's own subscriptions alone. */
  tables: z.number().int().nullable(),
  tablesNotReady: z.number().int().nullable(),
});
export type SubscriptionRow = z.infer<typeof subscriptionRowSchema>;

export const postgresSubscriptionsRows = defineRows({
  id: "postgres-subscriptions",
  row: subscriptionRowSchema,
});
