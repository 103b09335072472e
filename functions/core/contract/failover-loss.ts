import * as z from "zod";

/** What acknowledged writes a failover lost. Null: not known. */
export const lossSchema = z.object({
  bytes: z.number().nullable(),
  transactions: z.number().nullable(),
  seconds: z.number().nullable(),
  rows: z.number().nullable(),
  /** No more seconds than that; absent: no fewer. */
  atMost: z.literal(true).exactOptional(),
  /** What the old primary had written is known: bytes and transactions are all of it. */
  whole: z.literal(true).exactOptional(),
  /** How it is known; or why it is not. */
  because: z.string(),
});
export type Loss = z.infer<typeof lossSchema>;
