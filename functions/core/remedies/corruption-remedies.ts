import type { ProposedAction } from "../contract/finding.ts";
import type { View } from "../facts/view.ts";
import { keepAsFound, restoreElsewhere } from "./aws/copy-remedies.ts";
import { findExtent } from "./extent-remedies.ts";

/** What a person does first: keep what is there, then find out how far it goes. Repairs come last, if at all. */
export function corruptionRemedies(view: View): readonly ProposedAction[] {
  return [...keepAsFound(view), ...findExtent(view), ...restoreElsewhere(view, null)];
}
