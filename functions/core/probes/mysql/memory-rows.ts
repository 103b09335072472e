import * as z from "zod";
import { defineRows } from "../define-rows.ts";

const bytes = z.number().nonnegative();

/** P28: who keeps the server's memory. Null: this version does not count it. */
export const mysqlMemoryRowSchema = z.object({
  bufferPoolBytes: bytes,
  /** All sessions but the responder's own together, and those with most. */
  sessions: z
    .object({
      count: z.number().int().nonnegative(),
      bytes,
      largest: z.array(z.object({ id: z.number().int(), bytes })),
    })
    .nullable(),
  /** MySQL: by what it was allocated for, the largest first. */
  consumers: z.array(z.object({ name: z.string(), bytes })).nullable(),
});
export type MysqlMemoryRow = z.infer<typeof mysqlMemoryRowSchema>;

export const mysqlMemoryRows = defineRows({ id: "mysql-memory", row: mysqlMemoryRowSchema });
