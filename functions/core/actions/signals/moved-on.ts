import type { Check } from "../steps.ts";
import { looksAgain, refuse } from "./refuse.ts";
import type { SessionTarget } from "./session-target.ts";
import type { Victim } from "./victim.ts";

export type SessionVerb = "cancel" | "terminate";

const changed = (guard: string, reason: string): Check => refuse(guard, reason, looksAgain);

/** Whether the session still does what it was judged for; null when it does. */
export function movedOn(victim: Victim, input: SessionTarget, verb: SessionVerb): Check | null {
  if (verb === "cancel") return statementMovedOn(victim, input);
  if (input.state.startsWith("idle-in-transaction")) return transactionMovedOn(victim, input);
  if (input.state === "other") return null;
  if (victim.state !== input.state) {
    // The statement that was seen has ended; what the session does now was never judged.
    if (victim.state === "other") return notKnown(input);
    return input.state === "active"
      ? { kind: "already-done", says: `The statement of session ${input.sessionId} has ended by itself.` }
      : changed("state-changed", `Session ${input.sessionId} was idle and is ${victim.state} now.`);
  }
  if (victim.sameStatement === false) return otherStatement(input);
  return input.state === "idle" && victim.sameIdle === false ? workedOn(input) : null;
}

/** Idle again is not idle still: whoever works on is not stuck, and what it waits for now was never judged. */
function workedOn(input: SessionTarget): Check {
  return changed(
    "state-changed",
    `Session ${input.sessionId} has worked on since it was seen and only pauses again: this is not the idle period that was judged.`,
  );
}

function statementMovedOn(victim: Victim, input: SessionTarget): Check | null {
  if (input.statementKey === null || victim.sameStatement === null) {
    return refuse(
      "statement-unknown",
      `The server does not name the statement of session ${input.sessionId}, so a later one could be hit.`,
      "Turn on performance_schema with the statement events, or terminate the session instead.",
    );
  }
  if (victim.state === "other") return notKnown(input);
  if (victim.state !== "active") {
    return { kind: "already-done", says: `The statement of session ${input.sessionId} has ended by itself.` };
  }
  return victim.sameStatement ? null : otherStatement(input);
}

/** A state that says neither: not seen to have ended is not ended. */
function notKnown({ sessionId }: SessionTarget): Check {
  return refuse(
    "statement-unknown",
    `Whether the statement of session ${sessionId} still runs could not be told from its state.`,
    looksAgain,
  );
}

function otherStatement(input: SessionTarget): Check {
  return changed(
    "statement-changed",
    `The statement that was seen has ended; session ${input.sessionId} runs another one now.`,
  );
}

function transactionMovedOn(victim: Victim, input: SessionTarget): Check | null {
  // InnoDB's list of transactions is stale as long as anybody reads it more often than every 100 ms: a session
  // that looks idle but has run nothing since is still in its transaction.
  if (victim.state === "idle" && victim.sameTransaction === true && victim.sameIdle !== false) return null;
  if (victim.state === "idle") {
    return {
      kind: "already-done",
      says: `The transaction of session ${input.sessionId} has ended by itself.`,
    };
  }
  if (victim.sameTransaction === false) {
    return changed(
      "state-changed",
      `Session ${input.sessionId} is in another transaction than the one that was seen.`,
    );
  }
  if (victim.state !== input.state) {
    return changed(
      "state-changed",
      `The transaction of session ${input.sessionId} was idle and is ${victim.state} now.`,
    );
  }
  return victim.sameIdle === false ? workedOn(input) : null;
}
