import * as z from "zod";
import { defineRows } from "../define-rows.ts";

/** A collation that indexes are built by, and whose library sorts otherwise now. */
export const collationRowSchema = z.object({
  /** "default": the database's own. */
  name: z.string(),
  /** By which version the indexes were built, and which there is now. */
  recorded: z.string(),
  actual: z.string(),
  indexes: z.number().int().nonnegative(),
  /** Of these, unique ones and those of the largest tables first. */
  examples: z.array(z.string()),
});
export type CollationRow = z.infer<typeof collationRowSchema>;

export const postgresCollationsRows = defineRows({ id: "postgres-collations", row: collationRowSchema });
