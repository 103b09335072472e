import { proposeManual } from "../../actions/propose.ts";
import type { ProposedAction } from "../../contract/finding.ts";
import { quietValues, writesLogs } from "../../facts/logging-parameters.ts";
import type { View } from "../../facts/view.ts";
import { type Happened, valueBefore } from "../../facts/what-changed.ts";
import { changeParameter } from "./parameter-remedies.ts";

/** The parameter that makes the server write logs, set back to what was seen before; else a person chooses. */
export function setLoggingBack(view: View, change: Happened): readonly ProposedAction[] {
  const { name, to } = change;
  const quiet = quietValues(name ?? "", to);
  if (name === null || quiet === null) return [];
  const consequence = `It stops what fills the volume; what is logged already stays until it is rotated. Whoever switched it on sees nothing new. Undo: ${to}, in the parameter group.`;
  const seen = valueBefore(view, change);
  const value = quiet.back ?? (seen === null || writesLogs(name, seen) ? null : seen);
  if (value !== null)
    return [changeParameter(view, { id: "set-logging-back", spec: "M7", name, value }, consequence)];
  return [
    proposeManual({
      id: "set-logging-back",
      spec: ["M7"],
      risk: "safe",
      preview: `# in the parameter group, ${name}: ${quiet.quiet}`,
      describes: `leaves to a person what ${name} is set back to: no event that was read tells what it was before`,
      consequence,
    }),
  ];
}
