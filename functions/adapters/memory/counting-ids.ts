import type { Ids } from "../../core/ports.ts";

/** id-1, id-2, … */
export function createCountingIds(prefix = "id"): Ids {
  let last = 0;
  return {
    next: () => {
      last += 1;
      return `${prefix}-${last}`;
    },
  };
}
