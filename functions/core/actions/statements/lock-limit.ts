import type { Engine } from "../../contract/target.ts";
import type { Refusal } from "../../contract/work-order.ts";
import type { SqlError } from "../../errors.ts";

/** It gives up rather than wait for a lock any longer, so that nobody queues behind it. */
export function lockLimit(engine: Engine, seconds: number): string {
  return engine === "postgres"
    ? `set lock_timeout = ${seconds * 1000}`
    : `SET SESSION lock_wait_timeout = ${Math.max(1, seconds)}`;
}

const lockTimeouts: ReadonlySet<string> = new Set(["55P03", "ER_LOCK_WAIT_TIMEOUT"]);

interface Tried {
  /** As it follows "The". */
  readonly what: string;
  readonly seconds: number;
  readonly left: string;
}

/** The server's no as a guard's; null for what is a failure. */
export function refusalOf({ code, kind, message }: SqlError, { what, seconds, left }: Tried): Refusal | null {
  if (lockTimeouts.has(code)) {
    return {
      guard: "lock-timeout",
      reason: `The ${what} did not get its lock within ${seconds} s and gave up, so that nobody queues behind it.${left}`,
      release: "Lifts by itself: it is tried again when whoever uses the object has ended.",
    };
  }
  if (kind !== "permission") return null;
  return {
    guard: "server-refused",
    reason: `The database refused the ${what}: ${message}.${left}`,
    release: "Give the acting user the action's grants (`responder grants` prints them).",
  };
}
