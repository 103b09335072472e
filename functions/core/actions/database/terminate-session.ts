import { type DatabaseWorld, defineDatabaseAction, defineOffer } from "../define.ts";
import { describeVictim, previewOf, signalsOf } from "../signals/preview-signal.ts";
import { checkSession, lookAt, signalOnce } from "../signals/session-signals.ts";
import { type SessionTarget, sessionTargetSchema } from "../signals/session-target.ts";
import { signalGrants } from "../signals/signal-grants.ts";
import type { Victim } from "../signals/victim.ts";
import { holdsOn } from "../signals/work-ended.ts";
import type { Run, Verdict } from "../steps.ts";
import { waitFor } from "../wait-for.ts";
import { undoing } from "./cancel-query.ts";

const verifyMs = 5000;

/**
 * A2: ends one session. On PostgreSQL a running statement is cancelled first, which ends its transaction; only when
 * that did not help within `guards.graceSeconds` the connection goes. For an idle transaction a cancel does nothing.
 */
export const terminateSessionOffer = defineOffer({
  id: "terminate-session",
  spec: ["A2", "A40"],
  title: "Terminate the session",
  risk: "disruptive",
  engines: ["postgres", "mysql", "mariadb"],
  input: sessionTargetSchema,
  undo: null,
  preview: (input, target) =>
    cancelsFirst(input, signalsOf(target).cancelBeforeTerminate)
      ? `${previewOf(input, target, "cancel")}\n-- after the grace period, if it still runs:\n${previewOf(input, target, "terminate")}`
      : previewOf(input, target, "terminate"),
  describes: (input) => `Terminates ${describeVictim(input)}`,
  key: ({ sessionId, sessionKey }) => `terminate-session ${sessionId} ${sessionKey}`,
});

export const terminateSession = /* @__PURE__ */ defineDatabaseAction(terminateSessionOffer, {
  grants: signalGrants,
  preCheck: (world, input) => checkSession(world, input, "terminate"),
  run: (world, input) =>
    cancelsFirst(input, signalsOf(world.target).cancelBeforeTerminate)
      ? cancelThenTerminate(world, input)
      : signalOnce(world, input, "terminate"),
  verify: verifyGone,
});

function cancelsFirst(input: SessionTarget, engineDoes: boolean): boolean {
  return engineDoes && input.state === "active" && input.statementKey !== null;
}

async function cancelThenTerminate(world: DatabaseWorld, input: SessionTarget): Promise<Run> {
  const cancelled = await signalOnce(world, input, "cancel");
  if (cancelled.kind !== "acted") return cancelled;
  const graceMs = world.guards.graceSeconds * 1000;
  const freed = await waitFor(world, graceMs, async () => {
    const victim = await lookAt(world, input);
    return holdsOn(victim) ? null : "freed";
  });
  const victim = await lookAt(world, input);
  // Ended since the last question, too: what is left is a connection that harms nobody.
  if (freed !== null || victim === null || !holdsOn(victim)) {
    world.note("The cancel was enough: its work has ended, and the connection was left alone.");
    return cancelled;
  }
  world.note(`The cancel did not end it within ${world.guards.graceSeconds} s.`);
  // A savepoint survives a cancel: the transaction that was judged then stays open and idle, since a moment ago. Its
  // last statement is the one that was cancelled, which the acting statement proves.
  const now: SessionTarget = { ...input, state: victim.state, stateSince: null };
  const terminated = await signalOnce(world, now, "terminate");
  if (terminated.kind === "acted") return terminated;
  // A signal was sent: whatever kept the second one back, the record must not read as if nothing was done.
  world.note(terminated.kind === "refuse" ? `Not terminated: ${terminated.reason}` : terminated.says);
  return cancelled;
}

async function verifyGone(world: DatabaseWorld, input: SessionTarget): Promise<Verdict> {
  let last: Victim | null = null;
  const { cancelBeforeTerminate } = signalsOf(world.target);
  const cancelEnough = cancelsFirst(input, cancelBeforeTerminate);
  const ended = await waitFor(world, verifyMs, async () => {
    last = await lookAt(world, input);
    if (last === null || !last.sameSession) return `Session ${input.sessionId} is gone.`;
    return cancelEnough && !holdsOn(last)
      ? `The work of session ${input.sessionId} has ended and its locks are free; its connection was left alone.`
      : null;
  });
  if (ended !== null) return { kind: "verified", says: ended };
  return { kind: "not-verified", says: `Session ${input.sessionId} is still there${undoing(last)}.` };
}
