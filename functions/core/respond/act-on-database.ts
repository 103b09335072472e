import { executeOrder } from "../actions/execute.ts";
import type { Outcome, WorkOrder } from "../contract/work-order.ts";
import type { Databases } from "../ports.ts";
import type { Settings } from "../settings.ts";
import type { Deps } from "./deps.ts";

export interface ActDeps extends Pick<Deps, "clock" | "log"> {
  databases(settings: Settings): Databases;
}

const deadlineMs = 45_000;

export async function actOnDatabase(
  { order, settings }: { readonly order: WorkOrder; readonly settings: Settings },
  deps: ActDeps,
): Promise<Outcome> {
  const outcome = await executeOrder(
    order,
    { databases: deps.databases(settings), clock: deps.clock, probing: settings.probing },
    AbortSignal.timeout(deadlineMs),
  );
  deps.log.info("action.carried-out", {
    incidentId: order.incidentId,
    orderId: order.orderId,
    status: outcome.status,
    killed: outcome.killed,
  });
  return outcome;
}
