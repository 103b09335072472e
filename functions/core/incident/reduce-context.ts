import type { ProposedAction } from "../contract/finding.ts";
import type { Incident } from "../contract/incident.ts";
import type { Mode, Settings } from "../settings.ts";

/** What the reducer has to know beside the event. All of it is data or pure. */
export interface ReduceContext {
  readonly settings: Settings;
  /** Same key, same effect; from the action's own definition. */
  keyOf(proposal: ProposedAction): string;
  /** What was asked about, found again: the same session in the same doing, however long by now. */
  isSame(asked: ProposedAction, now: ProposedAction): boolean;
  /** What policy says of such an action on this database, right now. */
  modeOf(proposal: ProposedAction, incident: Incident, at: string): Mode;
}
