import * as z from "zod";
import { defineRows } from "../define-rows.ts";

/** P34: one row for each object that cannot be used, or does not run although it is there. */
export const mysqlObjectRowSchema = z.object({
  schema: z.string(),
  name: z.string(),
  kind: z.enum(["view", "table", "event"]),
  /** `unreadable`: a table that the server cannot open; crashed when its files are to blame. */
  problem: z.enum([
    "invalid-view",
    "crashed-table",
    "unreadable-table",
    "disabled-event",
    "event-scheduler-off",
  ]),
  detail: z.string(),
  /** Null: somebody has to look first. */
  fix: z.string().nullable(),
});
export type MysqlObjectRow = z.infer<typeof mysqlObjectRowSchema>;

export const mysqlObjectsRows = defineRows({ id: "mysql-objects", row: mysqlObjectRowSchema });
