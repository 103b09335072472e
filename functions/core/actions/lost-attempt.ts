import type { WorkOrder } from "../contract/work-order.ts";
import type { Keyed } from "./define.ts";
import type { Ending } from "./ending.ts";

/** What nobody heard of RDS again is looked for so long: its pages name no time for any change. */
const lostSeconds = 7200;

/**
 * How an order on AWS stands of which an attempt may have acted, and nobody has seen whether: it is followed as if it had,
 * and what RDS shows tells. `says`: why it was not seen. What nobody could follow has ended, with the way back that the
 * order itself tells.
 */
export function maybeBegun(
  { actionId, input, orderId, issuedAt }: WorkOrder,
  actions: readonly (Pick<Keyed, "lostFor"> & { readonly id: string })[],
  says: string,
  now: number,
): Ending {
  const gone = actions.find(({ id }) => id === actionId)?.lostFor(input, orderId) ?? null;
  if (gone !== null) {
    const { takesBack } = gone;
    return { status: "failed", summary: `${gone.says} ${says}`, mayHaveActed: true, takesBack };
  }
  const until = new Date(now + lostSeconds * 1000).toISOString();
  const running = { startedAt: issuedAt, until, handle: {} };
  return { status: "running", summary: says, mayHaveActed: true, running };
}
