import * as z from "zod";
import { defineRows } from "../define-rows.ts";

const decimal = z.string().regex(/^\d+$/);

/** P30: a sequence and a column that it feeds, where the two together hold less than 64 bits; the fullest first. */
export const postgresKeyUseRowSchema = z.object({
  schema: z.string(),
  table: z.string(),
  column: z.string(),
  /** Of the column. */
  type: z.string(),
  owner: z.string().nullable(),
  /** "schema.name" */
  sequence: z.string(),
  /** Of the sequence; null where older evidence does not say. */
  sequenceSchema: z.string().nullable().default(null),
  /** Decimal text, as for the other engines. */
  nextValue: decimal,
  /** The last value that both can hold. */
  maxValue: decimal,
  usedPercent: z.number().min(0).max(100),
  /** Which of the two ends first: a sequence is widened at once, a column only by writing the table anew. */
  narrow: z.enum(["sequence", "column"]),
});
export type PostgresKeyUseRow = z.infer<typeof postgresKeyUseRowSchema>;

export const postgresKeyUseRows = defineRows({ id: "postgres-key-use", row: postgresKeyUseRowSchema });
