import * as z from "zod";
import { unusableIndexSchema } from "../../../contract/unusable-index.ts";
import { defineRows } from "../../define-rows.ts";

/** P16: one row for each of the worst statements, the most time in all first. */
export const postgresPlanRowSchema = z.object({
  queryId: z.string(),
  user: z.string().nullable(),
  query: z.string(),
  calls: z.number(),
  totalSeconds: z.number(),
  meanSeconds: z.number(),
  /** Sessions that ran it just now, of a statement that the statistics do not rank; its calls are theirs. */
  running: z.number().int().exactOptional(),
  /** `not-explained`: `reason` says why. */
  status: z.enum(["explained", "not-explained"]),
  reason: z.string().nullable(),
  /** In the planner's units, for parameters that are not known: without parallel workers and without JIT. */
  totalCost: z.number().nullable(),
  /** The same with the values with which it runs just now; absent: they were not seen. */
  sampledCost: z.number().exactOptional(),
  /** How many times as many rows the most frequent values may bring as that plan expects; absent: not known. */
  valueSkew: z.number().exactOptional(),
  estimatedRows: z.number().nullable(),
  /** Rows it really gave or changed, by its statistics. */
  meanRows: z.number(),
  /** Where it spends most; absent from what was recorded before it was told. */
  spends: z.string().nullable().exactOptional(),
  problems: z.array(
    z.object({
      kind: z.enum([
        "sequential-scan",
        "wide-index",
        "index-walk",
        "nested-loop",
        "sort-spill",
        "hash-spill",
        "row-estimate",
        "loop-estimate",
      ]),
      relation: z.string().nullable(),
      detail: z.string(),
    }),
  ),
  suggestions: z.array(
    z.object({
      schema: z.string(),
      table: z.string(),
      columns: z.array(z.string()),
      createIndex: z.string(),
      why: z.string(),
      /** Names the index that is there and that the planner may not use. */
      unusable: unusableIndexSchema.exactOptional(),
      /** The index by which rows are found today, and that leaves too many; absent: none is used. */
      narrows: z.string().exactOptional(),
      /** Of an index that holds these rows alone; absent: it holds all. */
      where: z.string().exactOptional(),
      /** That it selects is told by the statement's counters, which no plan for any value shows; absent: by its plan. */
      counted: z.literal(true).exactOptional(),
      /** The same plan's cost were the index there, by HypoPG; null: not checked. */
      costWithIndex: z.number().nullable(),
    }),
  ),
});
export type PostgresPlanRow = z.infer<typeof postgresPlanRowSchema>;

export const postgresPlansRows = defineRows({ id: "postgres-plans", row: postgresPlanRowSchema });
