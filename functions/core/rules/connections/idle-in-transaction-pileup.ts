import type { Severity } from "../../contract/finding.ts";
import type { Session } from "../../contract/session.ts";
import { capacityOf, explainsPressure } from "../../facts/capacity.ts";
import { idleTransactions, pauseSeconds } from "../../facts/idle-transactions.ts";
import { seenInPart } from "../../facts/seen-in-part.ts";
import { isMany } from "../../facts/severity.ts";
import type { View } from "../../facts/view.ts";
import { endIdleTransactions } from "../../remedies/connection-remedies.ts";
import { limitIdleTransactions } from "../../remedies/timeout-remedies.ts";
import { untouchableBecause } from "../../remedies/untouchable.ts";
import { largestFirst } from "../../text/most-frequent.ts";
import { stateAge } from "../../text/state-age.ts";
import { describeSession, duration, plural, statementText } from "../../text/wording.ts";
import { defineRule, type FindingDraft } from "../define.ts";
import { waitFamilyDrafts } from "../wait-family-draft.ts";

export const idleInTransactionPileup = defineRule({
  id: "idle-in-transaction-pileup",
  spec: ["D4"],
  category: "connections",
  title: "Many sessions have begun a transaction and do nothing in it",
  needs: ["postgres-sessions", "mysql-sessions", "postgres-connections", "mysql-connections"],
  evaluate: (view) => {
    if (view.sessions === null) return waitFamilyDrafts(view, "idle-in-transaction-pileup");
    const long = touchable(view, view.thresholds.idleInTransactionSeconds);
    const pausing = touchable(view, pauseSeconds);
    if (pausing.length > long.length && fillSlots(view, pausing.length))
      return [draftOf(view, pausing, long)];
    // One forgotten transaction is judged by what it holds up: locks, or old row versions.
    return long.length < worthKnowing ? [] : [draftOf(view, long, long)];
  },
});

const worthKnowing = 3;

/** A client that waits for something else meanwhile takes its slot, however soon the next one takes its place. */
function fillSlots(view: View, count: number): boolean {
  const used = capacityOf(view)?.used ?? Number.POSITIVE_INFINITY;
  return count >= worthKnowing && count * 3 >= used && explainsPressure(view, count, count).length > 0;
}

function touchable(view: View, seconds: number): readonly Session[] {
  return idleTransactions(view, seconds).filter(
    (session) => untouchableBecause(session, view.policy) === null,
  );
}

function draftOf(view: View, idle: readonly Session[], long: readonly Session[]): FindingDraft {
  const limit = duration(view.thresholds.idleInTransactionSeconds);
  const since =
    long.length === idle.length
      ? limit
      : `${duration(pauseSeconds)}, ${long.length} of them for over ${limit}`;
  const atLeast = seenInPart(view, "postgres-sessions", "mysql-sessions") ? "At least " : "";
  const owners = byOwner(idle);
  const [largest] = owners;
  const whose =
    largest === undefined
      ? ""
      : owners.length === 1
        ? ` all of ${largest.name}`
        : ` ${largest.count} of them of ${largest.name}`;
  return {
    subject: "",
    severity: severityOf(view, idle.length),
    confidence: 0.85,
    summary: `${atLeast}${plural(idle.length, "session is", "sessions are")} idle in transaction for over ${since},${whose}, the longest for ${idle[0] === undefined ? duration(null) : stateAge(idle[0])}: ${keptText(idle)}`,
    evidence: idle.slice(0, 3).map((session) => ({
      source: view.evidence.target.engine === "postgres" ? "postgres-sessions" : "mysql-sessions",
      says: sessionText(view, session),
    })),
    explains: explainsPressure(view, idle.length, idle.length),
    actions: actionsFor(view, long, idle),
  };
}

/** Of the used slots: fewer win none. */
const fewestShare = 0.1;

/**
 * What is younger ends before it would be ended, and a limit would not meet it. Where most of the pile is such, the end
 * of those who have done so for long is offered where it wins slots, and a limit where they are a good part of it.
 */
function actionsFor(view: View, long: readonly Session[], idle: readonly Session[]): FindingDraft["actions"] {
  const [largest] = byOwner(long);
  if (largest === undefined) return [];
  const isAll = long.length === idle.length;
  const count = view.evidence.target.engine === "postgres" ? largest.ofClient : largest.count;
  const fewest = Math.max(worthKnowing, fewestShare * (capacityOf(view)?.used ?? Number.POSITIVE_INFINITY));
  return [
    ...(isAll || count >= fewest ? endIdleTransactions(view, largest, count) : []),
    ...(isAll || largest.count * 3 >= idle.length
      ? limitIdleTransactions(view, { application: null, user: largest.user, client: null })
      : []),
  ];
}

/**
 * A transaction that an error has ended has given back its locks and its snapshot; its clock has stopped then. Not so one
 * that failed behind a savepoint, whose clock goes on.
 */
function isOver({ state, transactionSeconds }: Session): boolean {
  return state === "idle-in-transaction-aborted" && transactionSeconds === null;
}

function keptText(idle: readonly Session[]): string {
  const over = idle.filter(isOver).length;
  const all = "its connection, its locks and old row versions";
  if (over === 0) return `each keeps ${all}`;
  const ended = "an error has ended the transaction, and with it locks and old row versions";
  return over === idle.length
    ? `each keeps its connection alone: ${ended}`
    : `each keeps ${all}, but ${over} of them the connection alone: there ${ended}`;
}

/** A few are untidy; many are an incident in the making, and a severe one where they fill the slots. */
function severityOf(view: View, count: number): Severity {
  if (explainsPressure(view, count, count).length > 0) {
    return capacityOf(view)?.level === "warn" ? "P2" : "P1";
  }
  return isMany(count, view.server?.maxConnections ?? null) ? "P2" : "P3";
}

function sessionText(view: View, session: Session): string {
  const statement = statementText(session.query);
  const last = statement === null ? "" : `; last statement: ${statement}`;
  return `${describeSession(session, view.evidence.target.engine)}: ${isOver(session) ? "transaction ended by an error" : `transaction open for ${duration(session.transactionSeconds)}`}, idle for ${stateAge(session)}${last}`;
}

interface OwnerOfMany {
  readonly application: string | null;
  readonly user: string | null;
  /** The client that most of them come from, and how many do. */
  readonly client: string | null;
  readonly ofClient: number;
  readonly name: string;
  readonly count: number;
}

function byOwner(sessions: readonly Session[]): readonly OwnerOfMany[] {
  const groups = Map.groupBy(sessions, ({ application, user }) => JSON.stringify([application, user]));
  return largestFirst(groups).map(([, members]) => {
    const { application = null, user = null } = members[0] ?? {};
    const name = application ? `app ${application}` : `user ${user ?? "unknown"}`;
    return { application, user, ...largestClient(members), name, count: members.length };
  });
}

function largestClient(sessions: readonly Session[]): Pick<OwnerOfMany, "client" | "ofClient"> {
  const [[client, members] = [null, []]] = largestFirst(Map.groupBy(sessions, ({ client: from }) => from));
  return { client, ofClient: members.length };
}
