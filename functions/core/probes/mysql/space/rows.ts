import * as z from "zod";
import { defineRows } from "../../define-rows.ts";

const bytes = z.number().nonnegative();

/** P26, P28: what the server keeps beside the tables. Null: it may not be read, or this engine does not tell. */
export const mysqlSpaceRowSchema = z.object({
  /** The temporary tablespace; `maxBytes` null where it may take the whole volume. */
  temporary: z.object({ bytes, maxBytes: bytes.nullable() }).nullable(),
  /** MySQL 8: temporary tables of sessions, the largest first. */
  temporarySessions: z.array(z.object({ id: z.number().int(), bytes })).nullable(),
  /** MySQL: statements refused for want of space since the start, by error number. */
  refusals: z
    .array(z.object({ errno: z.number().int(), count: z.number(), secondsAgo: z.number().nonnegative() }))
    .nullable(),
  binlogs: z.object({ files: z.number().int().nonnegative(), bytes }).nullable(),
  undoBytes: bytes.nullable(),
  /** Logs that are written into tables, whose size no view tells (they are CSV files). */
  logTables: z.array(z.enum(["general_log", "slow_log"])),
});
export type MysqlSpaceRow = z.infer<typeof mysqlSpaceRowSchema>;

export const mysqlSpaceRows = defineRows({ id: "mysql-space", row: mysqlSpaceRowSchema });
