import type * as z from "zod";

/** What a probe's rows look like and under which id they lie in the evidence: all that a reader of them needs to know. */
export interface Rows<Id extends string, Row> {
  readonly id: Id;
  readonly row: z.ZodType<Row>;
}

export function defineRows<const Id extends string, Row>(rows: Rows<Id, Row>): Rows<Id, Row> {
  return rows;
}
