import { argument, callsOf, namesOnly, takesMs } from "./change-calls.ts";
import { eventsOf } from "./rds-facts.ts";
import type { View } from "./view.ts";

const dayMs = 24 * 3_600_000;
const hourMs = 3_600_000;

/**
 * Whether a restart at that time may have brought another parameter group, which has settings of its own: one that was
 * given to this database before it. What a tool names in every call it names without a restart.
 */
export function broughtGroup(view: View, at: string): boolean {
  const asked = callsOf(view).some(
    (call) =>
      /^(Modify|Restore)DBInstance/.test(call.what) &&
      argument(call, "dBInstanceIdentifier") === view.evidence.target.name &&
      argument(call, "dBParameterGroupName") !== null &&
      namesOnly(call, withGroup) &&
      isBefore(call.at, at, takesMs),
  );
  return asked || said(view, /^updated to use dbparametergroup/i, at, dayMs);
}

const withGroup =
  /^(?:dBInstanceIdentifier|dBParameterGroupName|applyImmediately|engineVersion|allowMajorVersionUpgrade)$/;

/** Whether it may have brought another certificate authority, which clients turn away that do not know it. */
export function broughtAuthority(view: View, at: string): boolean {
  const asked = callsOf(view).some(
    (call) => argument(call, "cACertificateIdentifier") !== null && isBefore(call.at, at, takesMs),
  );
  return asked || said(view, /new certificate authority/i, at, hourMs);
}

function said(view: View, words: RegExp, at: string, withinMs: number): boolean {
  return eventsOf(view, view.evidence.target.name, 2 * 24 * 60).some(
    (event) => words.test(event.message) && isBefore(event.at, at, withinMs, toldMs),
  );
}

/** RDS tells of what it did some minutes later. */
const toldMs = 10 * 60_000;

function isBefore(one: string, at: string, withinMs: number, slackMs = 0): boolean {
  const before = Date.parse(at) - Date.parse(one);
  return before >= -slackMs && before <= withinMs;
}
