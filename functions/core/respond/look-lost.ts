import type { WorkOrder } from "../contract/work-order.ts";

type Follows = NonNullable<WorkOrder["follows"]>;

/** Some looks send what is left to be sent: whoever looks next is not to take the handle for all that was. */
export function lookLost(follows: Follows): Follows {
  const { handle } = follows;
  if (typeof handle !== "object" || handle === null || Array.isArray(handle)) return follows;
  return { ...follows, handle: { ...handle, lostLook: true } };
}

/** An attempt at this very look: one that a guard holds sends nothing, and is looked at again as it was. */
export function attemptLost(follows: Follows): Follows {
  return follows.mayTidy ? lookLost(follows) : follows;
}

/** An attempt before this one may have looked, sent what was left, and told nobody: whatever this one sees, that is written down. */
export function afterLost(order: WorkOrder, retries: number): WorkOrder {
  return retries === 0 || order.follows === undefined
    ? order
    : { ...order, follows: attemptLost(order.follows) };
}
