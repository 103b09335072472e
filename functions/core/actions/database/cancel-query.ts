import { type DatabaseWorld, defineDatabaseAction, defineOffer } from "../define.ts";
import { describeVictim, previewOf } from "../signals/preview-signal.ts";
import { checkSession, lookAt, signalOnce } from "../signals/session-signals.ts";
import { type SessionTarget, sessionTargetSchema } from "../signals/session-target.ts";
import { signalGrants } from "../signals/signal-grants.ts";
import type { Victim } from "../signals/victim.ts";
import { holdsOn, inTransaction, statementEnded } from "../signals/work-ended.ts";
import type { Verdict } from "../steps.ts";
import { waitFor } from "../wait-for.ts";

const verifyMs = 5000;

/** A1: ends one statement of one session and leaves the connection alone. */
export const cancelQueryOffer = defineOffer({
  id: "cancel-query",
  spec: ["A1", "A40"],
  title: "Cancel the running statement",
  risk: "disruptive",
  engines: ["postgres", "mysql", "mariadb"],
  input: sessionTargetSchema,
  undo: null,
  preview: (input, target) => previewOf(input, target, "cancel"),
  describes: (input) => `Cancels the statement of ${describeVictim(input)}`,
  key: ({ sessionId, sessionKey, statementKey }) =>
    `cancel-query ${sessionId} ${sessionKey} ${statementKey ?? "-"}`,
});

export const cancelQuery = /* @__PURE__ */ defineDatabaseAction(cancelQueryOffer, {
  grants: signalGrants,
  preCheck: (world, input) => checkSession(world, input, "cancel"),
  run: (world, input) => signalOnce(world, input, "cancel"),
  verify: verifyEnded,
});

/** Where others wait for its locks, the statement's end is not yet what it was cancelled for. */
async function verifyEnded(world: DatabaseWorld, input: SessionTarget): Promise<Verdict> {
  let last: Victim | null = null;
  const freesWaiters = input.longestWaitSeconds !== null;
  const ended = await waitFor(world, verifyMs, async () => {
    last = await lookAt(world, input);
    return statementEnded(last) && !(freesWaiters && keepsLocks(last)) ? "ended" : null;
  });
  const statement = `The statement of session ${input.sessionId}`;
  if (ended !== null) return { kind: "verified", says: `${statement} has ended.` };
  return {
    kind: "not-verified",
    says: statementEnded(last)
      ? `${statement} has ended, and those who waited wait on: its transaction is open still and may keep its locks.`
      : `${statement} still runs${undoing(last)}.`,
  };
}

function keepsLocks(victim: Victim | null): boolean {
  return victim !== null && (inTransaction(victim) || victim.state === "active") && holdsOn(victim);
}

/** What is left of a rollback: the number falls while it runs. */
export function undoing(victim: Victim | null): string {
  if (victim === null || victim.rowsModified === null || victim.rowsModified === 0) return "";
  return `; ${victim.rowsModified} changed rows are left to roll back`;
}
