import * as z from "zod";
import { defineRows } from "../define-rows.ts";

/** P10: a foreign key whose referencing table has no index to find the rows of one parent; largest tables first. */
export const postgresForeignKeyIndexRowSchema = z.object({
  schema: z.string(),
  table: z.string(),
  constraint: z.string(),
  columns: z.array(z.string()),
  referencedTable: z.string(),
  tableRows: z.number(),
  tableBytes: z.number(),
  /** Rows of the parent deleted and updated since statistics began: each may read the whole referencing table. */
  referencedDeletes: z.number(),
  referencedUpdates: z.number(),
  onDelete: z.enum(["no-action", "restrict", "cascade", "set-null", "set-default"]),
  createIndex: z.string(),
  /** Who may change it; null where older evidence does not say. */
  owner: z.string().nullable().default(null),
});
export type PostgresForeignKeyIndexRow = z.infer<typeof postgresForeignKeyIndexRowSchema>;

export const postgresForeignKeyIndexesRows = defineRows({
  id: "postgres-foreign-key-indexes",
  row: postgresForeignKeyIndexRowSchema,
});
