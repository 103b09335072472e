import * as z from "zod";
import { defineRows } from "../define-rows.ts";

const jobSchema = z.object({
  kind: z.literal("job"),
  jobId: z.number().int(),
  name: z.string().nullable(),
  schedule: z.string(),
  /** Literals removed unless settings say otherwise; `digest` is md5 of the whole of it. */
  command: z.string(),
  digest: z.string(),
  /** In which it runs; the job itself is kept in the database that was looked at. */
  database: z.string(),
  owner: z.string(),
  active: z.boolean(),
  /** Sessions that run it now. */
  pids: z.array(z.number().int()),
});
export type CronJobRow = z.infer<typeof jobSchema>;

/** A session of pg_cron's whose job could not be seen. */
const unseenSchema = z.object({
  kind: z.literal("unseen"),
  pid: z.number().int(),
  /** Not a worker of pg_cron: it is called so, by itself. */
  byName: z.boolean().exactOptional(),
  /** Where its job is kept; null: not known. */
  keptIn: z.string().nullable(),
  because: z.string(),
});
export type UnseenJobRow = z.infer<typeof unseenSchema>;

/** A14: what pg_cron runs, and is to run. */
export const cronRowSchema = z.discriminatedUnion("kind", [jobSchema, unseenSchema]);
export type CronRow = z.infer<typeof cronRowSchema>;

export const postgresCronJobsRows = defineRows({ id: "postgres-cron-jobs", row: cronRowSchema });
