import { blastRadius } from "../contract/blast-radius.ts";
import type { Incident, SpentOrder } from "../contract/incident.ts";
import { mayHaveActed, type Outcome, type WorkOrder } from "../contract/work-order.ts";

const keptOrders = 100;

/** An order counts from the moment that it is handed out: whoever carries it out may never be heard of again. */
export function withOrder(incident: Incident, { orderId, input }: WorkOrder, at: string): Incident {
  const sessions = blastRadius(input);
  return withOrders(incident, [...without(incident, orderId), { orderId, sessions, at, ended: false }]);
}

/** It stops counting only when it is certain that nothing was done. */
export function withOutcome(incident: Incident, outcome: Outcome, at: string): Incident {
  const { orderId, killed } = outcome;
  const others = without(incident, orderId);
  if (!mayHaveActed(outcome)) return withOrders(incident, others);
  const ordered = incident.orders?.find((order) => order.orderId === orderId)?.sessions ?? 0;
  const sessions = Math.max(ordered, killed.length);
  return withOrders(incident, [...others, { orderId, sessions, at, ended: true }]);
}

function without({ orders = [] }: Incident, orderId: string): readonly SpentOrder[] {
  return orders.filter((order) => order.orderId !== orderId);
}

/** The oldest are told as one, so that the list is bounded and the sum stays right. */
function withOrders(incident: Incident, orders: readonly SpentOrder[]): Incident {
  const kept = orders.slice(-keptOrders);
  const [first, ...rest] = kept;
  const dropped = orders.slice(0, orders.length - kept.length);
  if (first === undefined || dropped.length === 0) return { ...incident, orders: kept };
  const sessions = dropped.reduce((sum, order) => sum + order.sessions, first.sessions);
  return { ...incident, orders: [{ ...first, sessions }, ...rest] };
}
