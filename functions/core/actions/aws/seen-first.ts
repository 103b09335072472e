import { AwsError } from "../../errors.ts";
import type { AwsWorld } from "../define-aws.ts";
import { looksAgain } from "../signals/refuse.ts";
import type { Run } from "../steps.ts";
import { triedBefore } from "./guards.ts";
import { began } from "./send-once.ts";

type NotSeen = Extract<Run, { kind: "refuse" }>;

/** What an attempt reads before it sends anything: where AWS does not tell, nothing is sent. Only a fault of this program is thrown. */
export async function seenFirst<T>(
  read: () => Promise<T>,
): Promise<{ readonly seen: T } | { readonly not: NotSeen }> {
  try {
    return { seen: await read() };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const reason = `Nothing was sent: how it stands could not be seen (${error.code}: ${error.message}).`;
    return { not: { kind: "refuse", guard: "rds-not-now", reason, release: looksAgain } };
  }
}

/** A first attempt that does not see sends nothing, and is tried again; of a repeat what an earlier one may have sent is looked for. */
export function notSeen(world: AwsWorld, not: NotSeen, longestSeconds: number): Run {
  return world.repeated
    ? began(world, longestSeconds, `${not.reason} ${triedBefore} It is looked for.`)
    : not;
}
