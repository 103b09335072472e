import { proposeManual } from "../actions/propose.ts";
import type { ProposedAction } from "../contract/finding.ts";
import type { Session } from "../contract/session.ts";
import type { XminHolder } from "../facts/old-xmin.ts";
import type { View } from "../facts/view.ts";
import { sqlLiteral } from "../text/sql-literal.ts";
import { endSession, finishPrepared } from "./remedies.ts";
import { dropSlotForVacuum } from "./replication-remedies.ts";

/** What the evidence says of the holder. */
export interface Held {
  /** So many dead rows, or so few transaction ids left, that something suffers. */
  readonly suffers: boolean;
  /** Nobody else is as old or sees as far back. */
  readonly alone: boolean;
}

/**
 * What ends it. A button for one case only: a transaction that has been idle for longer than the kill threshold, while
 * something suffers from it alone. Never unasked: nobody waits, and that a vacuum will then remove these rows is not
 * shown (vacuum_defer_cleanup_age, rows that died after it). A running statement is work that somebody waits for.
 */
export function endHolder(
  view: View,
  { row, session }: XminHolder,
  { suffers, alone }: Held,
): readonly ProposedAction[] {
  switch (row.holder) {
    case "session": {
      if (session === null || !suffers || !isForgotten(view, session)) return [];
      const ending = endSession(view, session, relief);
      return alone ? ending : ending.map((action) => ({ ...action, automatic: false }));
    }
    case "prepared-transaction": {
      const { name: gid, user: owner, database, seconds: ageSeconds } = row;
      return [finishPrepared(view, { gid, owner, database, ageSeconds })];
    }
    case "replication-slot":
      return row.state === "active"
        ? [lookAtSlot(row.name)]
        : dropSlotForVacuum(view.evidence.target, row.name);
    case "standby":
      return [lookOnStandby(row.client ?? row.application ?? `walsender ${row.name}`)];
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

/** https://www.postgresql.org/docs/current/hot-standby.html: its queries hold the primary by hot_standby_feedback. */
function lookOnStandby(where: string): ProposedAction {
  return proposeManual({
    id: "find-holder-on-standby",
    spec: [],
    risk: "safe",
    preview:
      "SELECT pid, usename, application_name, state, now() - xact_start AS open_for, left(query, 200) AS query FROM pg_stat_activity WHERE backend_xmin IS NOT NULL AND pid <> pg_backend_pid() ORDER BY age(backend_xmin) DESC LIMIT 10",
    describes: `on the standby at ${where}: whose query keeps old rows alive here`,
    consequence:
      "Only reads. The first row is the holder: let it finish, or end it there. Without hot_standby_feedback its queries would be cancelled instead of holding vacuum back here.",
  });
}

/** An active slot moves when its consumer confirms what it has, and a physical one when its standby's queries end. */
function lookAtSlot(slot: string): ProposedAction {
  return proposeManual({
    id: "look-at-slot",
    spec: [],
    risk: "safe",
    preview: `SELECT s.slot_name, s.slot_type, s.database, a.application_name, a.client_addr, a.backend_start, r.state, r.reply_time, s.confirmed_flush_lsn FROM pg_replication_slots s LEFT JOIN pg_stat_activity a ON a.pid = s.active_pid LEFT JOIN pg_stat_replication r ON r.pid = s.active_pid WHERE s.slot_name = ${sqlLiteral(slot, "postgres")}`,
    describes: `who reads from the replication slot ${slot}`,
    consequence:
      "Only reads. A standby there has a query that runs too long, and the query has to end on the standby; a consumer of changes has stopped confirming, and has to be mended or started again. The slot is in use: it cannot be dropped, and must not be.",
  });
}
