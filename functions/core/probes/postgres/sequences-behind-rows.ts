import * as z from "zod";
import { defineRows } from "../define-rows.ts";

const decimal = z.string().regex(/^-?\d+$/);

/** P30: a sequence whose next numbers are among the keys that its table has already. */
export const postgresSequencesBehindRowSchema = z.object({
  schema: z.string(),
  table: z.string(),
  column: z.string(),
  owner: z.string().nullable(),
  /** "schema.name" */
  sequence: z.string(),
  sequenceSchema: z.string(),
  nextValue: decimal,
  largestKey: decimal,
  /** Of the next hundred numbers. */
  takenOfHundred: z.number().int().positive(),
  /** Numbers taken from it between two readings; null where it was never asked, by either of them. */
  askedPerSecond: z.number().nonnegative().nullable(),
});
export type PostgresSequencesBehindRow = z.infer<typeof postgresSequencesBehindRowSchema>;

export const postgresSequencesBehindRows = defineRows({
  id: "postgres-sequences-behind",
  row: postgresSequencesBehindRowSchema,
});
