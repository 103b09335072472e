import * as z from "zod";
import { defineRows } from "../define-rows.ts";

/** A14: what the event scheduler begins. */
export const scheduledEventRowSchema = z.object({
  schema: z.string(),
  name: z.string(),
  /** user@host: by whose rights it runs. */
  definer: z.string(),
  /** "EVERY 10 SECOND", or "AT" and its one time. */
  schedule: z.string(),
  /** Null: it is to run once. */
  everySeconds: z.number().positive().nullable(),
  /** "ENABLED", "DISABLED", or one of a replica's (SLAVESIDE_DISABLED, REPLICA_SIDE_DISABLED). */
  status: z.string(),
  /** Literals removed unless settings say otherwise. */
  body: z.string(),
  /** Since it last began; null: never, or its time zone is not known to the server. */
  beganSecondsAgo: z.number().nullable(),
  /** Sessions of the scheduler that run it now: known to, or it alone may be it. */
  sessions: z.array(z.number().int()),
  /** Sessions of the scheduler that may run it, as others may be theirs as well. */
  maybe: z.array(z.number().int()),
});
export type ScheduledEventRow = z.infer<typeof scheduledEventRowSchema>;

export const mysqlScheduledEventsRows = defineRows({
  id: "mysql-scheduled-events",
  row: scheduledEventRowSchema,
});
