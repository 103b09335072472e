import { createMemoryRdsChanges } from "../../functions/adapters/memory/memory-rds-changes.ts";
import { createVirtualClock } from "../../functions/adapters/memory/virtual-clock.ts";
import { executeAwsOrder } from "../../functions/core/actions/execute-aws.ts";
import type { Changeable, ParameterState } from "../../functions/core/change-ports.ts";
import type { Outcome, WorkOrder } from "../../functions/core/contract/work-order.ts";
import type { Metrics } from "../../functions/core/ports.ts";
import { openedAt } from "./incident-builder.ts";
import { aChangeable, knownParameters, orderableClasses, validStorage } from "./rds-builder.ts";

/** orders-db in memory, and the executor of orders on AWS in front of it. */
export function awsWorld(
  state: Partial<Changeable> = {},
  parameters: readonly ParameterState[] = knownParameters,
  metrics: Metrics | null = null,
) {
  const clock = createVirtualClock(Date.parse(openedAt));
  const rds = createMemoryRdsChanges({
    clock,
    databases: [aChangeable(state)],
    orderable: orderableClasses,
    valid: validStorage,
    parameters,
  });
  const execute = (order: WorkOrder, { repeated = false, dryRun = false } = {}) =>
    executeAwsOrder(order, { rds, metrics, clock, repeated, dryRun }, new AbortController().signal);
  const follow = (order: WorkOrder, { running }: Outcome) => {
    if (running === undefined) throw new Error("it is not running");
    const expiresAt = new Date(clock.now() + 60_000).toISOString();
    return execute({ ...order, expiresAt, follows: { ...running, mayTidy: true } });
  };
  return { clock, rds, execute, follow };
}
