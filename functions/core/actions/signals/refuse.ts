import type { Check } from "../steps.ts";

export function refuse(guard: string, reason: string, release: string): Check {
  return { kind: "refuse", guard, reason, release };
}

/** For what passes by itself. */
export const looksAgain = "Nothing to release: the responder looks again and judges anew what it then finds.";
