import { executeOrder } from "../../../../functions/core/actions/execute.ts";
import type { ProposedAction } from "../../../../functions/core/contract/finding.ts";
import type { Target } from "../../../../functions/core/contract/target.ts";
import type { Outcome } from "../../../../functions/core/contract/work-order.ts";
import type { Clock } from "../../../../functions/core/ports.ts";
import type { Settings } from "../../../../functions/core/settings.ts";
import { databasesWith } from "../../../../functions/wiring-databases.ts";
import { responderPassword } from "../../../lab/demo/database.ts";
import { anOrder } from "../../../support/order-builder.ts";

/** What is begun and goes on by itself (an index build) is followed for so long. */
const longestMs = 60_000;

interface Ordered {
  readonly action: ProposedAction;
  readonly target: Target;
  readonly settings: Settings;
  readonly clock: Clock;
  readonly unasked: boolean;
}

/** One order, to its end; `went`: it went on by itself after its call. */
export async function carriedOut({ action, target, settings, clock, unasked }: Ordered): Promise<{
  readonly outcome: Outcome;
  readonly went: boolean;
}> {
  const { id, risk, input } = action;
  const { policy, probing } = settings;
  const databases = databasesWith(
    async () => ({ user: "rds_responder_act", password: responderPassword, iam: false }),
    { mode: "off" },
  );
  const now = clock.now();
  const order = anOrder({
    ...{ actionId: id, risk, input, target },
    issuedAt: new Date(now).toISOString(),
    expiresAt: new Date(now + 60_000).toISOString(),
    guards: { ...policy, unasked },
  });
  const deps = { databases, clock, probing };
  let outcome = await executeOrder(order, deps, AbortSignal.timeout(45_000));
  const went = outcome.status === "running";
  const until = now + longestMs;
  while (outcome.status === "running" && outcome.running !== undefined && clock.now() < until) {
    await clock.sleep(500);
    const expiresAt = new Date(clock.now() + 60_000).toISOString();
    const follows = { ...outcome.running, mayTidy: true };
    outcome = await executeOrder({ ...order, expiresAt, follows }, deps, AbortSignal.timeout(45_000));
  }
  return { outcome, went };
}
