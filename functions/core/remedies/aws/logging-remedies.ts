import type { ProposedAction } from "../../contract/finding.ts";
import { quietValue } from "../../facts/logging-parameters.ts";
import type { View } from "../../facts/view.ts";
import type { Happened } from "../../facts/what-changed.ts";
import { changeParameter } from "./parameter-remedies.ts";

/** The parameter that makes the server write logs, set back; what it was before no event tells. */
export function setLoggingBack(view: View, { name, to }: Happened): readonly ProposedAction[] {
  const value = quietValue(name ?? "", to);
  if (name === null || value === null) return [];
  const consequence = `It stops what fills the volume; what is logged already stays until it is rotated. Whoever switched it on sees nothing new. Undo: ${to}, in the parameter group.`;
  return [changeParameter(view, { id: "set-logging-back", spec: "M7", name, value }, consequence)];
}
