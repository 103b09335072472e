import type { Proof, Proofs } from "../contract/proof.ts";
import { isSurelyReading } from "../text/statement-kind.ts";
import { isUncertainMode } from "../text/uncertain-mode.ts";
import { duration, list, lockObject, plural } from "../text/wording.ts";
import type { Blocker } from "./blocking.ts";
import { type LockGraph, type LockMember, subtree } from "./lock-graph.ts";
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

/** All of them wait for this one and for nobody beside it. */
function endsOf({ blocked, freesAlone, perhapsShared }: Blocker, source: string): Proof | null {
  if (perhapsShared > 0 || freesAlone === 0 || freesAlone < blocked) return null;
  return {
    says: `${blocked === 1 ? "the session that waits, waits" : `all ${plural(blocked, "session")} that wait, wait`} for its locks alone, which go with its transaction`,
    source,
  };
}

/** A request that waits does its harm by standing in the queue: who came after it conflicts with it, and not with the holder. */
export function queueProofs(
  view: View,
  request: LockMember,
  {
    graph,
    behind,
    frees,
    ripeness,
  }: Readonly<{ graph: LockGraph; behind: number; frees: number; ripeness: Ripeness }>,
): Proofs {
  const source = lockSource(view);
  const { waitsFor } = request;
  if (waitsFor === null) return {};
  const causes: Proof = {
    says: `it has asked for ${waitsFor.mode} of ${lockObject(waitsFor)} and not got it, ${plural(behind, "session")} came later and stand behind that request, and ${ripeness.because}`,
    source,
  };
  const ends: Proof = {
    says: `all ${plural(frees, "session")} behind it conflict with no lock that is held, so that they go on when the request is gone, and none of them wants rows of who holds the table`,
    source,
  };
  const goOn =
    frees > 0 &&
    frees >= behind &&
    !isHeldUncertainly(graph, waitsFor.object) &&
    !mayWantRows(graph, request, waitsFor.object);
  return { ...(ripeness.ripe ? { causes } : {}), ...(goOn ? { ends } : {}) };
}

/** A lock that may be stronger than it is shown may be what keeps all of them waiting. */
function isHeldUncertainly({ members }: LockGraph, wanted: string): boolean {
  return [...members.values()].some(({ holds }) =>
    holds.some(({ object, mode }) => object === wanted && isUncertainMode(mode)),
  );
}

/**
 * Whether somebody behind the request may want more than the table: rows that its holder has, in this table or, by a
 * foreign key, a trigger or a function, in another. Only plain readers go on for sure when the request is gone.
 */
function mayWantRows(graph: LockGraph, pivot: LockMember, wanted: string): boolean {
  return subtree(graph, pivot.key)
    .filter(({ key, waitsFor }) => key !== pivot.key && waitsFor !== null)
    .some(
      ({ waitsFor, session }) =>
        waitsFor?.object !== wanted ||
        !/^(access_?share|(mdl_)?shared_read)(lock)?$/i.test(waitsFor.mode) ||
        !isSurelyReading(session?.query ?? null) ||
        /\bfor\s+(update|share|no\s+key|key)\b|\block\s+in\b/i.test(session?.query ?? ""),
    );
}
