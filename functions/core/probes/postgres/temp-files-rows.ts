import * as z from "zod";
import { defineRows } from "../define-rows.ts";

/** Temporary files of one session that runs now; its parallel workers' are counted with it. */
export const tempFilesRowSchema = z.object({
  pid: z.number().int(),
  user: z.string().nullable(),
  application: z.string().nullable(),
  database: z.string().nullable(),
  query: z.string().nullable(),
  statementSeconds: z.number().nonnegative().nullable(),
  files: z.number().int().nonnegative(),
  bytes: z.number().nonnegative(),
  /** Between two readings; null when it had none in the first one. */
  bytesPerSecond: z.number().nullable(),
});
export type TempFilesRow = z.infer<typeof tempFilesRowSchema>;

export const postgresTempFilesRows = defineRows({ id: "postgres-temp-files", row: tempFilesRowSchema });
