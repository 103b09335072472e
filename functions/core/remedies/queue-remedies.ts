import type { ProposedAction } from "../contract/finding.ts";
import type { Session } from "../contract/session.ts";
import { queueProofs } from "../facts/blocker-proofs.ts";
import { freedBy, holdersWith } from "../facts/freed-alone.ts";
import type { LockGraph, LockMember } from "../facts/lock-graph.ts";
import type { LockQueue } from "../facts/lock-queues.ts";
import { isProtectedApplication } from "../facts/protected.ts";
import { ripenessOf } from "../facts/ripeness.ts";
import type { View } from "../facts/view.ts";
import type { Policy } from "../settings.ts";
import { isBuildStatement } from "../text/statement-kind.ts";
import { describeSession, duration, requestName } from "../text/wording.ts";
import { endsWithItsStatement } from "./ends-with-its-statement.ts";
import { cancelStatement, endSession } from "./remedies.ts";
import { protectedStatement } from "./untouchable.ts";

/**
 * Whoever stands behind it came later, as a rule: it has waited for at least as long, and for no longer than it runs. On
 * MySQL and MariaDB a strong request passes who came before it.
 */
export function waitedAtLeast({ pivot, waitedSeconds, longestWaitSeconds }: LockQueue): number | null {
  if (waitedSeconds !== null || longestWaitSeconds === null) return waitedSeconds;
  return Math.min(longestWaitSeconds, pivot.session?.statementSeconds ?? longestWaitSeconds);
}

/** The queued request goes first; ending the holder instead only lets it through, so that comes second at best. */
export function queueRemedies(
  view: View,
  graph: LockGraph,
  queue: LockQueue,
  session: Session,
): readonly ProposedAction[] {
  const { behind, pivot, holder, longestWaitSeconds } = queue;
  const holders = holder === null ? 1 : holdersWith(graph, holder);
  const alone = holders === 1;
  const frees = freedBy(graph, pivot);
  const ripeness = ripenessOf(view, pivot, behind, graph.waiters, waitedAtLeast(queue));
  const built = builtOf(queue, session, alone);
  const relief = {
    frees,
    longestWaitSeconds,
    proofs: queueProofs(view, pivot, { behind, ripeness }),
    ...(ripeness.ripe ? {} : { tooYoung: ripeness.because }),
    also: [
      ...(frees === 0 ? ["another request like it stands before it, so that this alone frees nobody"] : []),
      `${/^(lock|flush)/i.test(requestName(session.query)) ? "its lock is not taken, or its flush not made," : "the schema change is not made"} and has to be repeated, with a lock timeout`,
      ...(built === null ? [] : [`all that it has built in ${built.text} is lost`]),
      otherText(view, holder, holders),
    ],
  };
  const ending = endHolder(view, graph, queue, holders);
  const inOrder = [cancelStatement(view, session, relief), endSession(view, session, relief)];
  const cancelling = inOrder.find((actions) => actions.length > 0) ?? [];
  // Whoever keeps it from its end is cheaper to end than what it has built; both are a person's choice.
  if (built?.told === true && alone) return [...ending.map(asked), ...cancelling.map(asked)];
  const chosen =
    cancelling.length > 0 ? cancelling : isListed(session, view.policy) ? ending.map(byHand) : ending;
  return built === null ? chosen : chosen.map(asked);
}

function otherText(view: View, holder: LockMember | null, holders: number): string {
  if (holder === null || holder.session === null)
    return "the alternative is to finish what holds the lock, which lets the queued request through";
  return holders === 1
    ? `the alternative is to end ${describeSession(holder.session, view.evidence.target.engine)}, which lets the queued request through`
    : `${holders} sessions hold the lock, and all of them must end before the queued request gets through`;
}

function asked({ ends: _, ...proposal }: ProposedAction): ProposedAction {
  return proposal;
}

/** The queued request is the one to end (SPEC D8): whether a list spares it at the holder's cost is not ours to say. */
function byHand(proposal: ProposedAction): ProposedAction {
  return { ...asked(proposal), automatic: false };
}

/** Less than this is no build that anybody would miss. */
const worthSeconds = 5;
/** InnoDB tells when a transaction began in whole seconds. */
const innodbResolution = 1;

/**
 * How long it worked before it had to wait: an online build of MySQL needs the table for itself once more at its end. How
 * long it waits for that is told nowhere; a transaction that began after it and has the table all the same came while it
 * worked, and who queues behind it bounds the wait.
 * https://dev.mysql.com/doc/refman/8.4/en/innodb-online-ddl-performance.html
 */
function builtOf(queue: LockQueue, { query, statementSeconds }: Session, alone: boolean): Built | null {
  if (!isBuildStatement(query) || statementSeconds === null) return null;
  const began = queue.holder?.session?.transactionSeconds ?? null;
  // LOCK TABLES keeps a table over many transactions.
  const explicit = queue.holder?.holds.some((hold) => hold.explicit) ?? false;
  const cameLater = alone && !explicit && began !== null && began + innodbResolution < statementSeconds;
  const waited = queue.waitedSeconds ?? (cameLater ? waitedAtLeast(queue) : null);
  if (waited === null || statementSeconds - waited < worthSeconds) return null;
  const told = queue.waitedSeconds !== null;
  return { text: `${told ? "" : "up to "}${duration(statementSeconds - waited)}`, told };
}

interface Built {
  /** "4 min", "up to 4 min". */
  readonly text: string;
  /** False: bounded only. */
  readonly told: boolean;
}

/**
 * When the queued request itself must not be touched, or has done much already. Without it the holder would be in
 * nobody's way, so that it is spared until it is as old as any other who is ended.
 */
function endHolder(
  view: View,
  graph: LockGraph,
  { behind, pivot, holder, longestWaitSeconds }: LockQueue,
  holders: number,
): readonly ProposedAction[] {
  if (holder === null || holder.session === null || holder.waitsFor !== null) return [];
  const { session } = holder;
  const ripeness = ripenessOf(view, { session }, behind + 1, graph.waiters);
  const relief = {
    frees: holders === 1 ? behind + 1 : 0,
    longestWaitSeconds,
    ...(ripeness.ripe ? {} : { tooYoung: ripeness.because }),
    also: [
      holders === 1
        ? "this lets the queued request through"
        : `${holders} sessions hold the lock, so that this alone lets nobody through`,
      ...sparing(view, pivot.session),
    ],
  };
  return session.state === "active" && endsWithItsStatement(view, session)
    ? cancelStatement(view, session, relief)
    : endSession(view, session, relief);
}

/** What the list keeps the responder from, a person may still choose: the request has only waited. */
function sparing({ policy }: View, queued: Session | null): readonly string[] {
  if (queued === null || !isListed(queued, policy)) return [];
  return [
    "the alternative, which spares it, is to cancel the queued request by hand, whose tool then asks again or gives up: which of the two has to go is left to a person",
  ];
}

function isListed(queued: Session, policy: Policy): boolean {
  return isProtectedApplication(queued, policy) || protectedStatement(queued.query, policy) !== null;
}
