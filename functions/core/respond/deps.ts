import type { Chat } from "../chat-port.ts";
import type {
  Alarms,
  Clock,
  Databases,
  DeadLetters,
  EvidenceStore,
  Ids,
  IncidentStore,
  KillSwitch,
  Log,
  Metrics,
  RdsControl,
  Workflow,
} from "../ports.ts";
import type { SettingsSource } from "../settings-ports.ts";

/** Every port that a step may need; each step takes only its own. */
export interface Deps {
  readonly incidents: IncidentStore;
  readonly evidence: EvidenceStore;
  readonly settings: SettingsSource;
  readonly killSwitch: KillSwitch;
  readonly rds: RdsControl;
  readonly metrics: Metrics;
  readonly alarms: Alarms;
  readonly workflow: Workflow;
  readonly deadLetters: DeadLetters;
  readonly chat: Chat;
  readonly databases: Databases;
  readonly clock: Clock;
  readonly ids: Ids;
  /** At least 0 and less than 1. */
  random(): number;
  readonly log: Log;
}

export function isoNow(clock: Clock): string {
  return new Date(clock.now()).toISOString();
}
