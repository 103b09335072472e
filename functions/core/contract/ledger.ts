import * as z from "zod";

/** An order as its group remembers it, whatever becomes of it and of its incident. */
const handedOutSchema = z.object({
  orderId: z.string(),
  incidentId: z.string(),
  actionId: z.string(),
  /** ISO time. */
  at: z.string(),
});
export type HandedOut = z.infer<typeof handedOutSchema>;

/** What was ordered lately for one group of databases, across its incidents. */
export const ledgerSchema = z.object({
  schema: z.literal("ledger.v1"),
  /** Raised by every write; 0: never written. */
  revision: z.number().int().nonnegative(),
  orders: z.array(handedOutSchema),
});
export type Ledger = z.infer<typeof ledgerSchema>;

export const emptyLedger: Ledger = { schema: "ledger.v1", revision: 0, orders: [] };

const hourMs = 3_600_000;

/** Orders of the last hour; one whose time cannot be read is one of them. */
export function lastHour({ orders }: Ledger, now: number): readonly HandedOut[] {
  return orders.filter(({ at }) => !(now - Date.parse(at) >= hourMs));
}
