import type { ProposedAction } from "../contract/finding.ts";
import { settingsOf } from "../facts/settings-facts.ts";
import type { View } from "../facts/view.ts";
import {
  postgresReplicationReceiverRows,
  type ReplayConflicts,
} from "../probes/postgres/replication-receiver-rows.ts";
import { duration } from "../text/wording.ts";
import { changeParameter } from "./aws/parameter-remedies.ts";

/**
 * What keeps replay and the queries of a standby out of each other's way. Feedback makes the primary keep rows, and
 * nothing else: what it drops, empties or alters is locked here all the same.
 * https://www.postgresql.org/docs/current/hot-standby.html#HOT-STANDBY-CONFLICT
 * @param kind of the conflicts; null where that could not be seen.
 */
export function keepRows(view: View, kind: keyof ReplayConflicts | null): readonly ProposedAction[] {
  if (kind !== null && kind !== "snapshot" && kind !== "bufferPin") return [];
  // Not seen, as on Aurora, which has none: nobody knows what it would change.
  if (view.rows(postgresReplicationReceiverRows)?.[0]?.hotStandbyFeedback !== false) return [];
  return [
    changeParameter(
      view,
      { id: "change-parameters", spec: "A24", name: "hot_standby_feedback", value: "1" },
      "The primary then keeps the rows that queries here still need: no more conflicts over rows, more bloat there.",
    ),
  ];
}

/** Where nothing else helps, replay may wait as long as a statement may run here before it is one to be ended. */
export function waitForQueries(view: View): readonly ProposedAction[] {
  const name = "max_standby_streaming_delay";
  const seconds = view.thresholds.killCandidateSeconds;
  const now = settingsOf(view)?.seconds(name) ?? null;
  // Not seen, without a limit, or as long already.
  if (now === null || now >= seconds) return [];
  return [
    changeParameter(
      view,
      { id: "change-parameters", spec: "A24", name, value: String(1000 * seconds), towards: "higher" },
      `Replay then waits up to ${duration(seconds)} for a query here, in place of ${duration(now)}, before it cancels it: this standby may be that far behind, and everybody who reads here sees older rows.`,
    ),
  ];
}

export function feedbackIsOn(view: View): boolean {
  return view.rows(postgresReplicationReceiverRows)?.[0]?.hotStandbyFeedback === true;
}
