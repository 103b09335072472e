import type { FailoverRun } from "../contract/failover.ts";
import type { FailoverTopology } from "../contract/failover-topology.ts";
import { messageOf, UnreadableError } from "../errors.ts";
import { earlierIds } from "./earlier-runs.ts";
import { strayCandidate } from "./known-names.ts";
import { orNull } from "./look-at-all.ts";
import type { FailoverPorts } from "./ports.ts";
import type { Seen } from "./turn.ts";

/** What they left is looked at once, where everything is; whom they called for, where a fence is taken off. */
export async function earlierRuns(
  run: FailoverRun,
  topology: FailoverTopology | null,
  lock: Seen["lock"],
  renamed: readonly FailoverRun[],
  { runs }: FailoverPorts,
): Promise<Pick<Seen, "earlier" | "trouble" | "unread">> {
  if (topology === null) return {};
  if (!["load", "lock", "compensate"].includes(run.phase))
    return renamed.length > 0 ? { earlier: renamed } : {};
  const holder = lock === null || lock === "free" ? null : lock.run;
  const caller = topology.lastCall?.by ?? null;
  const ids = earlierIds(run, topology, holder);
  const asked = await Promise.all(
    ids.map(async (id) => {
      try {
        return { id, one: await runs.get(id), error: null };
      } catch (error) {
        return { id, one: null, error };
      }
    }),
  );
  // By what the last caller did it is judged who is the primary: lost once, it is read again.
  const unread = asked.find(
    ({ id, error }) => id === caller && error !== null && renamed.every((one) => one.id !== id),
  );
  if (unread !== undefined && !(unread.error instanceof UnreadableError)) {
    return { trouble: { says: messageOf(unread.error), lasting: false, records: true } };
  }
  const found = asked.map(({ one }) => one);
  const others = renamed.filter(({ id }) => found.every((one) => one?.id !== id));
  return {
    earlier: [...found.filter((one) => one !== null), ...others],
    ...(unread === undefined ? {} : { unread: [unread.id] }),
  };
}

/** Of the calls of others it matters to whoever takes a fence off. */
export async function goneOf(
  { phase }: FailoverRun,
  earlier: readonly FailoverRun[],
  topology: FailoverTopology | null,
  { controlPlane }: FailoverPorts,
  signal: AbortSignal | undefined,
): Promise<readonly string[]> {
  if (topology === null || phase !== "compensate") return [];
  const found = await Promise.all(
    earlier.map(async (one) => ({
      one,
      stray: await orNull(strayCandidate(one, topology, controlPlane, signal)),
    })),
  );
  return found.flatMap(({ one, stray }) => (stray === "gone" ? idsOf(one.candidate) : []));
}

export function idsOf(id: string | null): readonly string[] {
  return id === null ? [] : [id];
}
