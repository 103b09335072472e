import { type ConnectionFamily, connectionFamilies } from "../facts/connection-families.ts";
import { unusedOf } from "../facts/connection-groups.ts";
import type { View } from "../facts/view.ts";
import type { ConnectionGroup } from "../probes/rows.ts";

interface IdleFamily {
  readonly family: ConnectionFamily;
  /** Idle for longer than the leak threshold, and not to listen. */
  readonly count: number;
}

/** Of all connections, in percent; ending fewer makes no room, and who sits alone is a bystander. */
const leastPercent = 10;

/**
 * Those of one user, client and application (all of its instances) that keep most idle connections, of whom may be
 * ended; null where no such group would free enough to be worth it.
 */
export function largestIdleFamily(
  { connections }: View,
  mayEnd: (group: ConnectionGroup) => boolean,
): IdleFamily | null {
  const all = connections ?? [];
  const idle = all.filter((group) => group.state === "idle" && unusedOf(group) > 0 && mayEnd(group));
  const used = all.reduce((sum, { count }) => sum + count, 0);
  const [largest] = connectionFamilies(idle, ({ client }) => client)
    .map((family) => ({
      family,
      count: family.groups.reduce((sum, group) => sum + unusedOf(group), 0),
    }))
    .toSorted((a, b) => b.count - a.count);
  return largest !== undefined && largest.count > 1 && largest.count * 100 >= leastPercent * used
    ? largest
    : null;
}
