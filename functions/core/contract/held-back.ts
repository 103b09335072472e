import * as z from "zod";

/** How often one guard has held one action back, over all its targets: a repeat is a number, not another entry. */
export const heldBackSchema = z.object({
  actionId: z.string(),
  guard: z.string(),
  /** Key of the first one; its message stands for all of them. */
  firstKey: z.string(),
  count: z.number().int().positive(),
  different: z.number().int().positive(),
  /** The newest of them, to tell another from the same. */
  keys: z.array(z.string()),
  firstAt: z.string(),
  lastAt: z.string(),
});
export type HeldBack = z.infer<typeof heldBackSchema>;
