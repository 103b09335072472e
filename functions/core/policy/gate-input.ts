import type { ProposedAction } from "../contract/finding.ts";
import type { Approval, Incident } from "../contract/incident.ts";
import type { Ledger } from "../contract/ledger.ts";
import type { SettingsStanding } from "../contract/settings-standing.ts";
import type { Snooze } from "../contract/snooze.ts";
import type { Target } from "../contract/target.ts";
import type { KillSwitchState } from "../ports.ts";
import type { Settings } from "../settings.ts";

/** Everything that the gate and its guards decide by. */
export interface GateInput {
  readonly proposal: ProposedAction;
  readonly actionKey: string;
  readonly incident: Incident;
  readonly target: Target;
  readonly settings: Settings;
  /** Whether these are what people have written last. */
  readonly settingsStanding: SettingsStanding;
  /** Undefined: it could not be read. */
  readonly killSwitch: KillSwitchState | undefined;
  /** The stored request, when one was made for this action. */
  readonly approval: Approval | null;
  /** What was ordered for its group lately, whatever the incident. */
  readonly ledger: Ledger;
  /** Databases that somebody wants left alone for a time. */
  readonly snoozes: readonly Snooze[];
  /** Epoch milliseconds. */
  readonly now: number;
  readonly orderId: string;
}
