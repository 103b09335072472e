import * as z from "zod";
import type { CountedCall } from "../../../plans/counted-search.ts";
import { relationKey } from "../../../plans/read-plan.ts";
import type { Worst } from "./statements.ts";

export const factsSchema = z.object({
  schema: z.string(),
  relation: z.string(),
  rows: z.number(),
  rootSchema: z.string(),
  rootRelation: z.string(),
  partitioned: z.boolean(),
  columns: z.array(
    z.object({
      name: z.string(),
      type: z.string(),
      distinct: z.number().nullable(),
      top: z.number().nullable().default(null),
    }),
  ),
  indexes: z.array(z.array(z.string())),
  named: z.array(z.object({ index: z.string(), columns: z.array(z.string()) })).default([]),
  dead: z.number().nullable().default(null),
  toasted: z.boolean().default(true),
  invalid: z.array(z.object({ index: z.string(), columns: z.array(z.string()) })).default([]),
  contained: z.array(z.object({ column: z.string(), operators: z.string() })).default([]),
  trigrams: z.array(z.string()).default([]),
  prefixes: z.array(z.string()).exactOptional(),
});

/** Dead rows are this share of a table when vacuum comes, by its defaults. */
const deadShare = 0.2;

/** Tables of which pages tell how many rows are looked at: those that are mostly live rows, and not kept elsewhere. */
export function countedOf(facts: readonly z.infer<typeof factsSchema>[]): ReadonlySet<string> {
  return new Set(
    facts
      .filter(({ dead, toasted, rows }) => dead !== null && dead <= rows * deadShare && !toasted)
      .map(({ schema, relation }) => relationKey(schema, relation)),
  );
}

/** What a call came to; null where it is not counted, or changes what it finds: triggers and keys are looked up, too. */
export function callOf({ calls, rows, pages, query, running }: Worst): CountedCall | null {
  if (pages === null || running !== null || !/^\s*(?:select|with)\b/i.test(query ?? "")) return null;
  return { rows: rows / Math.max(1, calls), pages: pages / Math.max(1, calls) };
}
