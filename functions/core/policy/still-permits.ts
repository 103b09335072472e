import { actsOn } from "../actions/action-key.ts";
import type { Refusal, WorkOrder } from "../contract/work-order.ts";
import { exemptRefusal } from "./exempt.ts";
import { killSwitchRefusal } from "./gate.ts";
import type { GateInput } from "./gate-input.ts";
import { modeOf } from "./mode.ts";
import { notOptedIn } from "./opt-in.ts";
import { noSettingsRefusal, unsettledRefusal } from "./settings-refusal.ts";
import { snoozedRefusal } from "./snoozed.ts";

type Following = Pick<
  GateInput,
  "incident" | "target" | "settings" | "settingsStanding" | "killSwitch" | "snoozes" | "now"
>;

/**
 * What speaks against sending anything more of what was begun: all that the gate asks of a new order, but for limits and
 * cards, which counted and agreed to the whole of it. Null: nothing does.
 */
export function heldSince(order: WorkOrder, input: Following): Refusal | null {
  const { incident, target, settings, settingsStanding, now } = input;
  return (
    killSwitchRefusal(input.killSwitch) ??
    noSettingsRefusal(settingsStanding) ??
    exemptRefusal(incident, target, settings, now) ??
    snoozedRefusal(input) ??
    (actsOn(order.actionId) === "aws" ? notOptedIn(target) : null) ??
    modeRefusal(order, input)
  );
}

/** Observed now, or begun unasked where somebody would be asked by now. */
function modeRefusal({ risk, permittedBy }: WorkOrder, input: Following): Refusal | null {
  const { target, settings, settingsStanding, now } = input;
  const { mode, because } = modeOf(target, risk, settings, new Date(now).toISOString());
  if (mode === "observe")
    return {
      guard: "observe",
      reason: `The responder only observes ${risk} actions here by now: ${because}.`,
      release: "A person carries out what is left.",
    };
  if (permittedBy !== "auto") return null;
  if (mode === "auto") return unsettledRefusal(settingsStanding);
  return {
    guard: "asks-now",
    reason: `It was begun unasked, and somebody would be asked now: ${because}.`,
    release:
      "Lifts by itself inside the change window, where that is why; or a person carries out what is left.",
  };
}
