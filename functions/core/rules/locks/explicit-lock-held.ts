import type { ProposedAction } from "../../contract/finding.ts";
import type { HeldLock } from "../../contract/locks.ts";
import type { Session } from "../../contract/session.ts";
import { type Blocker, type Blocking, blockingOf } from "../../facts/blocking.ts";
import { restsAfterWork } from "../../facts/patient-waits.ts";
import type { View } from "../../facts/view.ts";
import { reliefOf } from "../../remedies/blocker-relief.ts";
import { endsWithItsStatement } from "../../remedies/ends-with-its-statement.ts";
import { cancelStatement, endSession } from "../../remedies/remedies.ts";
import { untouchableBecause } from "../../remedies/untouchable.ts";
import { describeSession, duration, lockObject } from "../../text/wording.ts";
import { defineRule, type FindingDraft } from "../define.ts";
import { blockerDraft } from "./blocker-draft.ts";
import { outsideNamedLocks } from "./outside-named-locks-draft.ts";

export const explicitLockHeld = defineRule({
  id: "explicit-lock-held",
  spec: ["D4", "D8"],
  category: "locks",
  title: "A lock that somebody asked for by name is held while others wait for it",
  needs: ["postgres-blocking", "mysql-row-locks", "mariadb-row-locks", "mysql-metadata-locks"],
  evaluate: (view) => {
    if (view.forests === null) return outsideNamedLocks(view);
    const blocking = blockingOf(view);
    return blocking.blockers.flatMap((blocker) => draftOf(view, blocking, blocker));
  },
});

function draftOf(view: View, blocking: Blocking, blocker: Blocker): readonly FindingDraft[] {
  const { kind, session, member } = blocker;
  const lock = member.holds.find((held) => held.explicit);
  if (kind !== "explicit" || session === null || lock === undefined) return [];
  const protectedBy = untouchableBecause(session, view.policy);
  const doing = session.state.replaceAll("-", " ");
  const who = `1 session ${doing} for ${duration(session.stateSeconds)} (${describeSession(session, view.evidence.target.engine)}) holds an explicit lock, ${lockName(lock)}${takenBy(session, lock)}, and`;
  return [
    blockerDraft(view, blocking, blocker, {
      who,
      confidence: lock.objectKind === "advisory" ? 0.7 : 0.9,
      notes: [
        ...(protectedBy === null ? [] : [`not touched: ${protectedBy}; its owner has to unlock`]),
        ...(lock.objectKind === "advisory" && restsAfterWork(session) ? [perhapsForgotten] : []),
      ],
      explains: [
        {
          cause: "idle-in-transaction-pileup",
          because: "it is one of the sessions that hold a transaction open",
        },
        {
          cause: "long-running-query",
          subject: member.key,
          because: "it is the statement that holds the lock",
        },
      ],
      actions: remedies(view, blocker, session, lock),
    }),
  ];
}

const perhapsForgotten =
  "it did other work since: the lock was left there (in a pool, above all), or a leader rests";

function lockName(lock: HeldLock): string {
  return lock.objectKind === "global"
    ? `a lock on all tables (${lock.mode})`
    : `${lock.mode} of ${lockObject(lock)}`;
}

/** Of who runs another statement on PostgreSQL by now, nothing says what took it; no change of a table takes EXCLUSIVE. MySQL's ALTER commits. */
function takenBy({ state, query }: Session, { objectKind, mode }: HeldLock): string {
  const untold = state === "active" && objectKind === "table" && /(?<!^Exclusive)Lock$/.test(mode);
  return untold && !/\block\b/i.test(query ?? "") ? " (by LOCK TABLE, or ALTER TABLE, before)" : "";
}

/**
 * Only PostgreSQL gives LOCK TABLE back when the statement after it is cancelled, and not where a savepoint keeps it. Advisory locks, LOCK TABLES,
 * GET_LOCK and FLUSH TABLES WITH READ LOCK belong to the session and end with it.
 * https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS
 * https://dev.mysql.com/doc/refman/8.4/en/lock-tables.html
 */
function remedies(view: View, blocker: Blocker, session: Session, lock: HeldLock): readonly ProposedAction[] {
  const advisory = lock.objectKind === "advisory";
  const statementLock = view.evidence.target.engine === "postgres" && !advisory;
  const cancels = statementLock && session.state === "active" && endsWithItsStatement(view, session);
  const relief = reliefOf(view, blocker, [
    ...(advisory ? ["such locks are also held on purpose, to let one worker at a time through"] : []),
    ...(cancels ? [] : [`a cancel ${statementLock ? "may" : "would"} not release this lock`]),
  ]);
  return [...(cancels ? cancelStatement(view, session, relief) : []), ...endSession(view, session, relief)];
}
