import { executeAwsOrder, tryAwsOrder } from "../actions/execute-aws.ts";
import type { Failovers, RdsChanges, Webhooks } from "../change-ports.ts";
import type { Tried } from "../contract/way-back.ts";
import type { Outcome, WorkOrder } from "../contract/work-order.ts";
import type { Metrics } from "../ports.ts";
import type { Schedules } from "../schedule-ports.ts";
import type { ActInput } from "./act-on-database.ts";
import type { Deps } from "./deps.ts";
import { afterLost } from "./look-lost.ts";
import { toldOfRepeat } from "./told-of-repeat.ts";

export interface ActOnAwsDeps extends Pick<Deps, "clock" | "log"> {
  readonly rdsChanges: RdsChanges;
  /** Absent: nothing of an application can be called from here. */
  readonly webhooks?: Webhooks | null;
  /** Absent: nothing of EventBridge can be changed from here. */
  readonly schedules?: Schedules | null;
  /** Absent: no failover can be started from here. */
  readonly failovers?: Failovers | null;
  /** Absent: CloudWatch cannot be asked from here. */
  readonly metrics?: Metrics | null;
}

/** The function may run a minute: what RDS does not answer by then is followed at a later look. */
const deadlineMs = 45_000;

export async function actOnAws(
  { order, retries = 0 }: Pick<ActInput, "order" | "retries">,
  { rdsChanges: rds, log, ...others }: ActOnAwsDeps,
): Promise<Outcome> {
  const deps = { ...others, rds, repeated: retries > 0 };
  const outcome = await executeAwsOrder(afterLost(order, retries), deps, AbortSignal.timeout(deadlineMs));
  const told = toldOfRepeat(outcome, order, retries);
  log.info("action.carried-out", {
    ...{ incidentId: order.incidentId, orderId: order.orderId, status: told.status, retries },
  });
  return told;
}

/** Reads, and sends nothing. */
export function tryOnAws(
  order: WorkOrder,
  { rdsChanges, metrics = null, clock }: ActOnAwsDeps,
): Promise<Tried> {
  const deps = { rds: rdsChanges, metrics, clock, repeated: false };
  return tryAwsOrder(order, deps, AbortSignal.timeout(deadlineMs));
}
