import type { Session } from "../contract/session.ts";

/** How long an idle session's transaction has been at work, and not idle; null when that cannot be told. */
export function workedSeconds({ transactionSeconds, stateSeconds }: Session): number | null {
  return transactionSeconds === null || stateSeconds === null
    ? null
    : Math.max(0, transactionSeconds - stateSeconds);
}
