import type { FailoverRun } from "../contract/failover.ts";
import type { FailoverPorts } from "./ports.ts";

/**
 * Its holder's alone; what could not be given back stays written down as kept. Whoever redrove it meanwhile has the lock
 * by the same name: he has written, or his token is a newer one than was seen here.
 */
export async function givenBack(
  run: FailoverRun,
  { lock, runs }: Pick<FailoverPorts, "lock" | "runs">,
  duties = run.duties,
): Promise<FailoverRun> {
  const group = run.group ?? run.input.database;
  const holder = await lock.holder(group);
  const kept = await runs.save({ ...run, keepsLock: true });
  if (holder?.run === run.id) await lock.release(group, run.id, undefined, holder.token);
  return runs.save({ ...kept, duties, keepsLock: false });
}
