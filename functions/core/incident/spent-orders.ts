import { blastRadius } from "../contract/blast-radius.ts";
import type { Incident } from "../contract/incident.ts";
import type { SpentOrder } from "../contract/spent-order.ts";
import { mayHaveActed, type Outcome, type WorkOrder } from "../contract/work-order.ts";

const keptOrders = 100;

/** An order counts from the moment that it is handed out: whoever carries it out may never be heard of again. */
export function withOrder(incident: Incident, { orderId, input }: WorkOrder, at: string): Incident {
  const sessions = blastRadius(input);
  return withOrders(incident, [...without(incident, orderId), { orderId, sessions, at, ended: false }]);
}

/** It stops counting only when it is certain that nothing was done, and counts again when something was after all. */
export function withOutcome(incident: Incident, outcome: Outcome, at: string): Incident {
  const { orderId, actionKey, killed } = outcome;
  const others = without(incident, orderId);
  if (!mayHaveActed(outcome)) return withOrders(incident, others);
  const ordered = incident.orders?.find((order) => order.orderId === orderId)?.sessions ?? 0;
  const action = incident.actions.find(({ key }) => key === actionKey);
  const proposed = action === undefined ? 0 : blastRadius(action.proposal.input);
  const sessions = Math.max(ordered, proposed, killed.length);
  return withOrders(incident, [...others, { orderId, sessions, at, ended: true }]);
}

/** True when an outcome of this order that may have acted is known. */
export function hasActed({ orders = [], actions }: Incident, orderId: string): boolean {
  return (
    orders.some((order) => order.orderId === orderId && order.ended) ||
    actions.some(({ outcome }) => outcome?.orderId === orderId && mayHaveActed(outcome))
  );
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
