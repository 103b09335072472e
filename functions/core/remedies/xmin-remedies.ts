import type { ProposedAction } from "../contract/finding.ts";
import type { Session } from "../contract/session.ts";
import type { XminHolder } from "../facts/old-xmin.ts";
import type { View } from "../facts/view.ts";
import { endSession, finishPrepared } from "./remedies.ts";
import { dropSlotForVacuum } from "./replication-remedies.ts";

/**
 * What ends it. Automatic for one case only: a transaction that has been idle for longer than the kill threshold,
 * while something suffers. A running statement is work that somebody waits for.
 */
export function endHolder(view: View, holder: XminHolder, suffers: boolean): readonly ProposedAction[] {
  const { row, session } = holder;
  switch (row.holder) {
    case "session":
      return session === null || !suffers || !isForgotten(view, session)
        ? []
        : endSession(view, session, relief);
    case "prepared-transaction": {
      const { name: gid, user: owner, database, seconds: ageSeconds } = row;
      return [finishPrepared(view, { gid, owner, database, ageSeconds })];
    }
    case "replication-slot":
      return row.state === "active" ? [] : [dropSlotForVacuum(row.name)];
    case "standby":
      return [];
    default:
      return row.holder satisfies never;
  }
}

const relief = {
  frees: null,
  longestWaitSeconds: null,
  also: ["vacuum can remove dead rows again, at the next autovacuum"],
};

/** Idle for so long, not merely in a transaction that began so long ago. */
function isForgotten({ thresholds }: View, { state, stateSeconds, transactionSeconds }: Session): boolean {
  const idle = state === "idle-in-transaction" || state === "idle-in-transaction-aborted";
  const age = Math.min(stateSeconds ?? 0, transactionSeconds ?? 0);
  return idle && age >= thresholds.killCandidateSeconds;
}
