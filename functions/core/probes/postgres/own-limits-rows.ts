import * as z from "zod";
import { defineRows } from "../define-rows.ts";

/** A role or database that may have only so many connections of its own, below what the server has. */
export const ownLimitRowSchema = z.object({
  of: z.enum(["role", "database"]),
  name: z.string(),
  used: z.number().int().nonnegative(),
  limit: z.number().int().nonnegative(),
});
export type OwnLimitRow = z.infer<typeof ownLimitRowSchema>;

export const postgresOwnLimitsRows = defineRows({
  id: "postgres-own-limits",
  row: ownLimitRowSchema,
});
