import type { Check } from "../steps.ts";

export function refuse(guard: string, reason: string, release: string): Check {
  return { kind: "refuse", guard, reason, release };
}

/** Of what an earlier attempt at one order may have done, and somebody may have set back: incident/refused-unasked.ts. */
export const askedFirst =
  "Nothing was sent. Where a later look still calls for it, a person is asked first; after a press of Undo a person runs what is shown.";

/** For what passes by itself. */
export const looksAgain = "Nothing to release: the responder looks again and judges anew what it then finds.";
