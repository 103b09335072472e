import type { FailoverRun } from "../contract/failover.ts";
import type { FailoverLock } from "./ports.ts";

/**
 * Before another execution goes on with a run: the lock is taken anew, so that whatever the one before still sends
 * carries an old token. Answers the new one; null: another run has the group by now, and this one finds that out at its
 * next look, or there was no lock yet.
 */
export async function takeUp(
  { id, group, token }: Pick<FailoverRun, "id" | "group" | "token">,
  lock: FailoverLock,
  signal?: AbortSignal,
): Promise<number | null> {
  if (group === null || token === null) return null;
  const holder = await lock.holder(group, signal);
  if (holder !== null && holder.run !== id) return null;
  const taken = await lock.take(group, id, signal);
  return taken.run === id ? taken.token : null;
}
