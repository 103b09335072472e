import type { Session } from "../contract/session.ts";
import type { View } from "./view.ts";

/** Between two statements of a program lie milliseconds. */
export const pauseSeconds = 5;

/** Idle in transaction for so long, the longest first. */
export function idleTransactions({ sessions }: View, seconds: number): readonly Session[] {
  return (sessions ?? [])
    .filter(({ state }) => state === "idle-in-transaction" || state === "idle-in-transaction-aborted")
    .filter((session) => idleAtMost(session) >= seconds)
    .toSorted((a, b) => idleAtMost(b) - idleAtMost(a) || a.id - b.id);
}

/** A bound is enough to be told; nobody is ended for it. */
function idleAtMost({ stateSeconds, stateAtMostSeconds }: Session): number {
  return stateSeconds ?? stateAtMostSeconds ?? 0;
}
