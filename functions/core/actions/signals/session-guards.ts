import type { GuardSettings } from "../../contract/work-order.ts";
import { neverUnasked } from "../../text/never-alone.ts";
import { waitKindOf } from "../../text/wait-kind.ts";
import type { Check } from "../steps.ts";
import { inVainCheck } from "./in-vain-guard.ts";
import { movedOn, type SessionVerb } from "./moved-on.ts";
import { protectedCheck } from "./protected-guard.ts";
import { looksAgain, refuse } from "./refuse.ts";
import { rollbackRefusal } from "./rollback-guard.ts";
import { sessionDataCheck } from "./session-data-guard.ts";
import type { SessionTarget } from "./session-target.ts";
import type { Victim } from "./victim.ts";

const never = "None: this session is never signalled by the responder. A person can decide otherwise.";

/**
 * SPEC A40 against what the server said a moment ago; null when it may go ahead. The acting statement then repeats
 * what identifies the victim, so that what was judged here is what is hit.
 */
export function guardSession(
  victim: Victim | null,
  input: SessionTarget,
  guards: GuardSettings,
  verb: SessionVerb,
): Check | null {
  const nobody = withoutSession(input);
  if (nobody !== null) return nobody;
  if (victim === null) {
    return { kind: "already-done", says: `Session ${input.sessionId} has ended by itself.` };
  }
  return (
    identityCheck(victim, input) ??
    untouchable(victim, input) ??
    administratorCheck(victim, input, guards) ??
    protectedCheck(victim, input, guards) ??
    committedCheck(victim, input) ??
    leaderCheck(victim, input, guards, verb) ??
    sessionDataCheck(victim, input, guards, verb) ??
    movedOn(victim, input, verb) ??
    aloneCheck(victim, input, guards) ??
    inVainCheck(victim, input, guards) ??
    rollbackRefusal(victim, input, guards)
  );
}

function withoutSession(input: SessionTarget): Check | null {
  if (input.sessionId > 0) return null;
  return refuse(
    "no-session",
    "No session holds these locks: they belong to a prepared transaction, which outlives its connection.",
    "A person finishes it: COMMIT PREPARED or ROLLBACK PREPARED, on MySQL XA COMMIT or XA ROLLBACK.",
  );
}

function identityCheck(victim: Victim, input: SessionTarget): Check | null {
  if (victim.kind !== "client") return null;
  if (!victim.sameSession) {
    return refuse(
      "session-changed",
      `Id ${input.sessionId} now belongs to another session, of user ${victim.user ?? "unknown"}; the one that was seen has ended.`,
      looksAgain,
    );
  }
  if (victim.dying) {
    const rows =
      victim.rowsModified === null ? "" : `, ${victim.rowsModified} changed rows left to roll back`;
    return {
      kind: "already-done",
      says: `Session ${input.sessionId} was killed before and is ending${rows}.`,
    };
  }
  return null;
}

function untouchable(victim: Victim, input: SessionTarget): Check | null {
  const who = `Session ${input.sessionId}`;
  if (victim.own) return refuse("own-session", `${who} is the responder's own.`, never);
  if (victim.wraparound) {
    return refuse(
      "autovacuum-wraparound",
      `${who} is an anti-wraparound autovacuum: cancelled, it starts again at once and has to be done.`,
      "Cancel the statement that queues behind it instead, and let the vacuum finish.",
    );
  }
  const byKind = untouchableKind(victim, who);
  if (byKind !== null) return byKind;
  if (!victim.visible) {
    return refuse(
      "cannot-see",
      "The acting user cannot read other users' statements, so the protected ones cannot be told apart.",
      "Grant the acting user what the action's grants list, on PostgreSQL pg_monitor.",
    );
  }
  if (victim.superuser) return refuse("superuser", `${who} belongs to a superuser, ${victim.user}.`, never);
  return null;
}

function administratorCheck(victim: Victim, input: SessionTarget, guards: GuardSettings): Check | null {
  if (guards.actOnAdministrators === true || victim.administrator === false) return null;
  if (victim.administrator === null) {
    return refuse(
      "cannot-see",
      "The acting user cannot read who is an administrator, so administrators cannot be told apart.",
      "Grant the acting user what the action's grants list (`responder grants` prints them).",
    );
  }
  return refuse(
    "administrator",
    `Session ${input.sessionId} is signed in as ${victim.user ?? "an administrator"}, an administrator like RDS's master user: a person at work, a migration, or an application with rights that it should not have.`,
    "Give the application a user of its own; or whoever owns the settings sets policy.actOnAdministrators to true; or a person acts.",
  );
}

/**
 * https://www.postgresql.org/docs/current/warm-standby.html#SYNCHRONOUS-REPLICATION-HA: what waits for its replica has
 * committed. Ended, it is told nothing of it, and a failover then loses what its client believes to be safe.
 */
function committedCheck(victim: Victim, input: SessionTarget): Check | null {
  if (victim.state !== "active" || waitKindOf(victim.waitEvent) !== "commit-awaits-replica") return null;
  return refuse(
    "commit-awaits-replica",
    `Session ${input.sessionId} has committed and waits for its replica: ending it undoes nothing, and the next failover may lose the rows.`,
    "Mend the replica, or the way to it: the commit then ends by itself. A person can decide otherwise.",
  );
}

const cutText = "the server keeps the beginning of its last statement alone (track_activity_query_size)";

/** What it runs and waits for may be seen only now: MySQL tells a slow client in the list that is asked last. */
function aloneCheck(victim: Victim, { sessionId }: SessionTarget, { unasked }: GuardSettings): Check | null {
  if (unasked !== true) return null;
  const never = neverUnasked(victim) ?? (victim.cut === true ? { says: cutText } : null);
  if (never === null) return null;
  return refuse(
    "never-alone",
    `Session ${sessionId} is not touched without a person: ${never.says}.`,
    "A person decides: an approver approves the request, or carries out the statement that is shown.",
  );
}

/** A lock by name that nobody waits for shows in no queue, and is lost with the session: a leader's, or a job's. */
function leaderCheck(
  { holdsAdvisory }: Victim,
  { sessionId }: SessionTarget,
  { unasked }: GuardSettings,
  verb: SessionVerb,
): Check | null {
  if (unasked !== true || holdsAdvisory === false || verb !== "terminate") return null;
  if (holdsAdvisory === null) {
    return refuse(
      "cannot-see",
      `The server does not show for sure who holds a lock by name (GET_LOCK, LOCK TABLES), so whether session ${sessionId} is a leader or a job at work cannot be told.`,
      "A person decides. On MySQL 8 performance_schema with its instrument wait/lock/metadata/sql/mdl, on by parameter group and a restart, shows it, with performance_schema_max_metadata_locks large enough that none is lost; locks taken before are not seen. On MariaDB and MySQL 5.7 it cannot be told since when the instrument is on.",
    );
  }
  return refuse(
    "advisory-lock",
    `Session ${sessionId} holds a lock that it asked for by name (advisory, GET_LOCK, LOCK TABLES, a global read lock), or a whole table, as a leader, a backup or a job at work does, and it would lose it.`,
    "A person decides: they know whether that lock still stands for anything.",
  );
}

function untouchableKind({ kind, leaderId }: Victim, who: string): Check | null {
  switch (kind) {
    case "client":
      return null;
    case "parallel-worker":
      return refuse(
        "parallel-worker",
        `${who} is a parallel worker of session ${leaderId ?? "unknown"}.`,
        `Act on its leader, session ${leaderId ?? "unknown"}: its workers end with it.`,
      );
    case "replication":
      return refuse("replication-session", `${who} feeds or applies replication.`, never);
    case "autovacuum":
      return refuse(
        "autovacuum",
        `${who} is an autovacuum worker, which gives way by itself to a lock request that it blocks.`,
        never,
      );
    case "event":
      return refuse("event-job", `${who} is a job of the event scheduler.`, never);
    case "system":
      return refuse("system-session", `${who} belongs to the database server itself.`, never);
    default:
      return kind satisfies never;
  }
}
