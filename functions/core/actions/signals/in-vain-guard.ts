import type { GuardSettings } from "../../contract/work-order.ts";
import type { Check } from "../steps.ts";
import { refuse } from "./refuse.ts";
import type { SessionTarget } from "./session-target.ts";
import type { Victim } from "./victim.ts";

/**
 * Who waited may have given up meanwhile, by its lock_timeout, or another may keep by now what they want next: then it would
 * be ended for nobody.
 */
export function inVainCheck(
  { blocks, anyoneWaits, othersHold }: Victim,
  { sessionId, longestWaitSeconds }: SessionTarget,
  guards: GuardSettings,
): Check | null {
  const unasked = guards.unasked === true;
  if (unasked && othersHold === true) {
    return refuse(
      "others-hold",
      `Another session of the database of session ${sessionId} has rows, a whole table or a lock by name of its own by now, or a prepared transaction has, which those who wait may want next.`,
      "A person decides; or the next assessment, when that one has ended.",
    );
  }
  // A click, too, is for those whom the card named: it blocks, or it is left alone.
  const forWaiters = (longestWaitSeconds ?? 0) > 0;
  if (unasked ? blocks !== false : !forWaiters || anyoneWaits !== false) return null;
  return refuse(
    "nobody-waits",
    `Nobody waits for session ${sessionId} any more.`,
    "Lifts by itself when somebody waits again; the next assessment tells.",
  );
}
