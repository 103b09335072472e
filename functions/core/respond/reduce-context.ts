import { actionKeyOf } from "../actions/action-key.ts";
import type { SettingsStanding } from "../contract/settings-standing.ts";
import type { ReduceContext } from "../incident/reduce-context.ts";
import { modeOf } from "../policy/mode.ts";
import { unsettledRefusal } from "../policy/settings-refusal.ts";
import { unsureRefusal } from "../policy/sure.ts";
import type { Settings } from "../settings.ts";

/** The reducer's view of actions and policy; with the standing of the settings for the events that propose. */
export function reduceContext(settings: Settings, standing?: SettingsStanding): ReduceContext {
  const isUnsettled = standing !== undefined && unsettledRefusal(standing) !== null;
  return {
    settings,
    keyOf: actionKeyOf,
    modeOf: (proposal, incident, at) => {
      const { mode } = modeOf(incident.target, proposal.risk, settings, at);
      // What the gate would not permit unasked is asked about at once.
      return mode === "auto" && (isUnsettled || unsureRefusal(proposal) !== null) ? "approve" : mode;
    },
  };
}
