import * as z from "zod";

/** An order that was carried out or may have been: what limits and pauses go by. */
export const spentOrderSchema = z.object({
  orderId: z.string(),
  /** Sessions that it hit at most. */
  sessions: z.number().int().nonnegative(),
  /** When it was issued, or ended. */
  at: z.string(),
  ended: z.boolean(),
});
export type SpentOrder = z.infer<typeof spentOrderSchema>;
