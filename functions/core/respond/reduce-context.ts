import { actionKeyOf } from "../actions/action-key.ts";
import type { ReduceContext } from "../incident/reduce-context.ts";
import { modeOf } from "../policy/mode.ts";
import { unsureRefusal } from "../policy/sure.ts";
import type { Settings } from "../settings.ts";

/** The reducer's view of actions and policy. */
export function reduceContext(settings: Settings): ReduceContext {
  return {
    settings,
    keyOf: actionKeyOf,
    modeOf: (proposal, incident, at) => {
      const { mode } = modeOf(incident.target, proposal.risk, settings, at);
      // What is not sure is asked about at once; the gate would say the same.
      return mode === "auto" && unsureRefusal(proposal) !== null ? "approve" : mode;
    },
  };
}
