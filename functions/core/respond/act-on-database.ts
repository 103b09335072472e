import { executeOrder } from "../actions/execute.ts";
import type { Outcome, WorkOrder } from "../contract/work-order.ts";
import type { Databases } from "../ports.ts";
import type { Settings } from "../settings.ts";
import type { Deps } from "./deps.ts";
import { afterLost } from "./look-lost.ts";
import { toldOfRepeat } from "./told-of-repeat.ts";

export interface ActDeps extends Pick<Deps, "clock" | "log"> {
  databases(settings: Settings): Databases;
}

export interface ActInput {
  readonly order: WorkOrder;
  readonly settings: Settings;
  /** Attempts at this order that may have begun before this one; 0: none. */
  readonly retries?: number | undefined;
}

const deadlineMs = 45_000;

export async function actOnDatabase(
  { order, settings, retries = 0 }: ActInput,
  deps: ActDeps,
): Promise<Outcome> {
  const outcome = await executeOrder(
    afterLost(order, retries),
    {
      ...{ databases: deps.databases(settings), clock: deps.clock },
      ...{ probing: settings.probing, repeated: retries > 0 },
    },
    AbortSignal.timeout(deadlineMs),
  );
  const told = toldOfRepeat(outcome, order, retries);
  deps.log.info("action.carried-out", {
    incidentId: order.incidentId,
    orderId: order.orderId,
    status: told.status,
    killed: told.killed,
    retries,
  });
  return told;
}
