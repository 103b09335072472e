import * as z from "zod";
import { defineRows } from "../define-rows.ts";

const count = z.number().int().nonnegative();

/** What working sessions were at, over `samples` looks spread over `windowSeconds`: one row. */
export const mysqlWaitProfileRowSchema = z.object({
  samples: z.number().int().positive(),
  windowSeconds: z.number().nonnegative(),
  /** Wait events tell storage from CPU; a thread's state does not, then InnoDB's counts of that moment do. */
  toldBy: z.enum(["wait-events", "thread-states"]),
  /** Why it is not told by wait events; null when it is. */
  notSeen: z.string().nullable(),
  howToSee: z.string().nullable(),
  /** The server's own count, averaged; the look itself among them. */
  threadsRunning: z.number().nonnegative().nullable(),
  /** The most frequent first. */
  waits: z.array(
    z.object({
      kind: z.enum(["cpu", "work", "io", "log", "lock", "latch", "client", "replica", "other"]),
      name: z.string(),
      /** Sessions in it, of all looks together. */
      observations: count,
      averageSessions: z.number().nonnegative(),
      /** Of all observations. */
      percent: z.number().min(0).max(100),
      /** How long their statements had run when they were seen, on average. */
      meanSeconds: z.number().nonnegative().nullable(),
    }),
  ),
});
export type MysqlWaitProfileRow = z.infer<typeof mysqlWaitProfileRowSchema>;

export const mysqlWaitProfileRows = defineRows({ id: "mysql-wait-profile", row: mysqlWaitProfileRowSchema });
