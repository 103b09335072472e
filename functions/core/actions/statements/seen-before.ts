import { messageOf, SqlError } from "../../errors.ts";
import type { DatabaseWorld } from "../define.ts";
import { looksAgain } from "../signals/refuse.ts";
import type { Run } from "../steps.ts";

/**
 * What is read and set before a statement is sent: a first attempt that cannot has sent nothing. Of a repeat that is not
 * known; what it throws, and a fault of this program, is thrown on.
 */
export async function seenBefore<T>(
  world: DatabaseWorld,
  read: () => Promise<T>,
): Promise<T | Extract<Run, { kind: "refuse" }>> {
  try {
    return await read();
  } catch (error) {
    const isExpected = error instanceof SqlError || world.signal.aborted;
    if (world.repeated || !isExpected) throw error;
    const reason = `How it stands could not be seen (${messageOf(error)}); nothing that changes it was sent.`;
    return { kind: "refuse", guard: "not-seen", reason, release: looksAgain };
  }
}
