import type { DatabaseRef, Signal } from "../contract/signal.ts";
import type { RdsControl } from "../ports.ts";
import { notOursByItself } from "../signals/not-ours.ts";

/**
 * SPEC S13: why a signal that fits no database of ours is counted and ignored, because nobody can do anything about it
 * here; null when people have to hear of it.
 */
export async function notOurs(
  signal: Signal,
  refs: readonly DatabaseRef[],
  rds: RdsControl,
): Promise<string | null> {
  for (const ref of refs) {
    const engine = await rds.foreignEngine(ref);
    if (engine !== null) return `${ref.id} is a database of ${engine}`;
  }
  return notOursByItself(signal);
}
