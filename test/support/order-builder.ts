import type { WorkOrder } from "../../functions/core/contract/work-order.ts";
import { aTarget, openedAt, secondsLater } from "./incident-builder.ts";

/** An order for one idle session, as the gate issues it; overrides say what matters to the test. */
export function anOrder(overrides: Partial<WorkOrder> = {}): WorkOrder {
  return {
    schema: "work-order.v1",
    orderId: "ord-1",
    incidentId: "inc-1",
    actionId: "terminate-session",
    actionKey: "terminate-session:4242",
    risk: "disruptive",
    input: { sessionId: 4242 },
    target: aTarget(),
    issuedAt: openedAt,
    expiresAt: secondsLater(60),
    permittedBy: "auto",
    approvedBy: null,
    guards: {
      protectedUsers: [],
      protectedApplications: [],
      protectedQueries: [],
      optOutComment: "rds-responder:never",
      graceSeconds: 5,
      maxRollbackRows: 1000,
    },
    ...overrides,
  };
}
