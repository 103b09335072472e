import type { Proof, Proofs } from "../contract/proof.ts";
import { isUncertainMode } from "../text/uncertain-mode.ts";
import { duration, list, lockObject, plural } from "../text/wording.ts";
import type { Blocker } from "./blocking.ts";
import type { LockMember } from "./lock-graph.ts";
import { lockSource } from "./lock-source.ts";
import type { Ripeness } from "./ripeness.ts";
import type { View } from "./view.ts";

/** Clocks of two columns differ, and MySQL counts whole seconds. */
const clockSlackSeconds = 1;

/** What the evidence shows of ending this blocker (SPEC D11); its costs are the remedy's to know. */
export function blockerProofs(view: View, blocker: Blocker): Proofs {
  const source = lockSource(view);
  // Who uses a table that no view shows the users of is known by its words alone: likely, and not shown.
  const causes = blocker.unseen !== null ? null : causesOf(blocker, source);
  const ends = endsOf(blocker, source);
  return { ...(causes === null ? {} : { causes }), ...(ends === null ? {} : { ends }) };
}

/** It had the lock before the first of them began to wait, for long enough, and it is no turn of many. */
function causesOf(blocker: Blocker, source: string): Proof | null {
  const { member, session, ownWaitSeconds, standing, harmlessAlone, ripeness } = blocker;
  if (standing !== "lasting" || harmlessAlone || !ripeness.ripe) return null;
  // A report that works is not ended for a VACUUM FULL or an ALTER that came later.
  if (blocker.kind === "running" && blocker.onlyChanges) return null;
  const age = session?.transactionSeconds ?? session?.statementSeconds ?? session?.stateSeconds ?? null;
  const wait = ownWaitSeconds;
  if (age === null || wait === null || age + clockSlackSeconds < wait) return null;
  const held = member.holds.slice(0, 2).map((lock) => `${lock.mode} of ${lockObject(lock)}`);
  if (held.length === 0 || member.holds.some(({ mode }) => isUncertainMode(mode))) return null;
  return {
    says: `it holds ${list(held)}, its work began ${duration(age)} ago and the longest wait for it ${duration(wait)} ago, it waits for nothing itself, and ${ripeness.because}`,
    source,
  };
}

/** All of them wait for rows of this one, and for nobody beside it. */
function endsOf({ blocked, freesAlone, perhapsShared, onlyRows }: Blocker, source: string): Proof | null {
  if (perhapsShared > 0 || freesAlone === 0 || freesAlone < blocked || !onlyRows) return null;
  return {
    says: `${blocked === 1 ? "the session that waits, waits" : `all ${plural(blocked, "session")} that wait, wait`} for its locks alone, which go with its transaction${blocked === 1 ? "" : "; among themselves they take their turns"}`,
    source,
  };
}

/**
 * A request that waits does its harm by standing in the queue: who came after it conflicts with it, and not with the
 * holder. That they go on without it is not shown: what they read next, in a join or a view, may be locked as well.
 */
export function queueProofs(
  view: View,
  { waitsFor }: LockMember,
  { behind, ripeness }: Readonly<{ behind: number; ripeness: Ripeness }>,
): Proofs {
  if (waitsFor === null || !ripeness.ripe) return {};
  return {
    causes: {
      says: `it has asked for ${waitsFor.mode} of ${lockObject(waitsFor)} and not got it, ${plural(behind, "session")} came later and stand behind that request, and ${ripeness.because}`,
      source: lockSource(view),
    },
  };
}
