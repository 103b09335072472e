import { type Ledger, lastHour } from "../contract/ledger.ts";
import type { WorkOrder } from "../contract/work-order.ts";
import { ConflictError } from "../errors.ts";
import type { Deps } from "./deps.ts";

/** Far above what an hour's limit lets through: the newest count. */
const keptOrders = 100;

/**
 * Written before the order is handed out, so that the group's next incident counts it, whatever becomes of this one.
 * Throws ConflictError when somebody else wrote meanwhile: the step is then run again, on what is known by then.
 */
export async function noteOrder(
  group: string,
  ledger: Ledger,
  { orderId, incidentId, actionId, issuedAt: at }: WorkOrder,
  { incidents, clock }: Pick<Deps, "incidents" | "clock">,
): Promise<void> {
  if (ledger.orders.some((order) => order.orderId === orderId)) return;
  const orders = [...lastHour(ledger, clock.now()), { orderId, incidentId, actionId, at }].slice(-keptOrders);
  if (await incidents.saveLedger(group, { ...ledger, orders })) return;
  throw new ConflictError(`the ledger of ${group} is no longer at revision ${ledger.revision}`);
}
