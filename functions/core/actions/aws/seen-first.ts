import { AwsError } from "../../errors.ts";
import { looksAgain } from "../signals/refuse.ts";
import type { Run } from "../steps.ts";

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
