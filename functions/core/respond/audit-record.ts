import type { Incident } from "../contract/incident.ts";
import type { AuditRecord } from "../contract/work-order.ts";

/** A record of the gate, with what does not concern its phase left null. */
export function auditRecord(
  incident: Incident,
  orderId: string,
  phase: "ordered" | "withheld",
  at: string,
  what: Partial<Pick<AuditRecord, "order" | "refusal">>,
): AuditRecord {
  return {
    schema: "audit.v1",
    incidentId: incident.id,
    orderId,
    phase,
    at,
    order: null,
    outcome: null,
    refusal: null,
    ...what,
  };
}
