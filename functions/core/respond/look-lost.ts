import type { WorkOrder } from "../contract/work-order.ts";

type Follows = NonNullable<WorkOrder["follows"]>;

/** Some looks send what is left to be sent: whoever looks next is not to take the handle for all that was. */
export function lookLost(follows: Follows): Follows {
  const { handle } = follows;
  if (typeof handle !== "object" || handle === null || Array.isArray(handle)) return follows;
  return { ...follows, handle: { ...handle, lostLook: true } };
}

/** An attempt before this one may have looked, sent what was left, and told nobody: whatever this one sees, that is written down. */
export function afterLost(order: WorkOrder, retries: number): WorkOrder {
  return retries === 0 || order.follows === undefined
    ? order
    : { ...order, follows: lookLost(order.follows) };
}
