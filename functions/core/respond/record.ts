import { type AuditRecord, mayHaveActed, type Outcome, type WorkOrder } from "../contract/work-order.ts";
import type { Decision } from "../contract/workflow.ts";
import { type Deps, isoNow } from "./deps.ts";
import { outcomeOfLostLook } from "./outcome-of-error.ts";
import { reduceContext } from "./reduce-context.ts";
import { updateIncident } from "./update-incident.ts";

export type RecordDeps = Pick<Deps, "incidents" | "settings" | "clock" | "random" | "log">;

export interface RecordInput {
  readonly incidentId: string;
  readonly order: WorkOrder;
  readonly outcome: Outcome | null;
  readonly error: { readonly Error: string; readonly Cause?: string | undefined } | null;
  /** Attempts without an answer, before the one of `error`. */
  readonly attempts?: { readonly begun: number } | undefined;
}

/** Writes what happened: the audit trail first, then the incident. */
export async function record(
  { incidentId, order, outcome, error, attempts }: RecordInput,
  deps: RecordDeps,
): Promise<Decision> {
  const at = isoNow(deps.clock);
  // An older machine does not count: what may have happened counts as happened.
  const begun = attempts?.begun ?? 1;
  const known = outcome ?? outcomeOfLostLook(order, { error, begun }, deps.clock.now());
  const phase = known.status === "running" ? "began" : "finished";
  await keep(
    {
      ...{ schema: "audit.v1", incidentId, orderId: order.orderId, phase, at, order },
      ...{ outcome: known, refusal: known.refusal },
    },
    deps,
  );
  const incident = await updateIncident(
    deps,
    incidentId,
    () => [{ kind: "action-finished", at, outcome: known }],
    reduceContext(await deps.settings.read()),
  );
  if (phase === "began") {
    deps.log.info("action.running", { incidentId, orderId: order.orderId });
    return { schema: "respond.v1", incidentId, step: incident.step };
  }
  deps.log.info("action.finished", { incidentId, orderId: order.orderId, status: known.status });
  deps.log.metric("ActionsFinished", 1, "Count", { result: known.status, action: known.actionId });
  return { schema: "respond.v1", incidentId, step: incident.step };
}

/** The trail keeps one end of an order; that it acted after all, where the first word was that it did not, is added. */
async function keep(record: AuditRecord, { incidents }: RecordDeps): Promise<void> {
  const { incidentId, orderId, outcome } = record;
  if ((await incidents.appendAudit(record)) || outcome === null || !mayHaveActed(outcome)) return;
  const trail = await incidents.audit(incidentId);
  const first = trail.find((other) => other.orderId === orderId && other.phase === "finished")?.outcome;
  if (first && !mayHaveActed(first)) await incidents.appendAudit({ ...record, phase: "corrected" });
}
