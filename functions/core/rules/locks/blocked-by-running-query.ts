import type { ProposedAction } from "../../contract/finding.ts";
import type { Session } from "../../contract/session.ts";
import type { Engine } from "../../contract/target.ts";
import { type Blocker, type Blocking, blockingOf, mostWanted } from "../../facts/blocking.ts";
import { filledTable } from "../../facts/filled-table.ts";
import type { LockMember } from "../../facts/lock-graph.ts";
import type { View } from "../../facts/view.ts";
import { reliefOf } from "../../remedies/blocker-relief.ts";
import { endsWithItsStatement } from "../../remedies/ends-with-its-statement.ts";
import { cancelStatement, endSession } from "../../remedies/remedies.ts";
import { untouchableBecause } from "../../remedies/untouchable.ts";
import { endingText, locksAfterEnding } from "../../text/ending-text.ts";
import { isReadOnlyStatement } from "../../text/statement-kind.ts";
import { mentions } from "../../text/table-in.ts";
import { waitKindOf } from "../../text/wait-kind.ts";
import { withoutBlocking } from "../../text/without-blocking.ts";
import { describeSession, duration, inWholeSeconds, lockObject } from "../../text/wording.ts";
import { defineRule, type FindingDraft } from "../define.ts";
import { blockerDraft } from "./blocker-draft.ts";
import { outsideTableWaits } from "./outside-table-waits-draft.ts";
import { secondBestDrafts } from "./second-best-draft.ts";

export const blockedByRunningQuery = defineRule({
  id: "blocked-by-running-query",
  spec: ["D4", "D8"],
  category: "locks",
  title: "A running statement holds locks that others wait for",
  needs: ["postgres-blocking", "mysql-row-locks", "mariadb-row-locks", "mysql-metadata-locks"],
  evaluate: (view) => {
    if (view.forests === null && view.sessions === null)
      return outsideTableWaits(view, "blocked-by-running-query");
    const blocking = blockingOf(view);
    return [
      ...blocking.blockers.flatMap((blocker) => draftOf(view, blocking, blocker)),
      ...secondBestDrafts(view, "blocked-by-running-query"),
    ];
  },
});

function draftOf(view: View, blocking: Blocking, blocker: Blocker): readonly FindingDraft[] {
  const { kind, session } = blocker;
  if (kind !== "running" || session === null) return [];
  const protectedBy = untouchableBecause(session, view.policy);
  const ending = endingText(session);
  const replays = isReplay(view, session);
  const runs = replays ? "Replay of what the primary did" : whatRuns(session);
  const doing = ending === null ? runs : `1 session that ${ending}`;
  const anotherWay = anotherWayOf(view, blocking, blocker);
  const who = `${doing} (${describeSession(session, view.evidence.target.engine)})${fillsText(blocker.member)}`;
  return [
    blockerDraft(view, blocking, blocker, {
      who:
        protectedBy === null || ending !== null
          ? who
          : `${who}, which is not touched because ${protectedBy},`,
      confidence: 0.85,
      notes: [
        `transaction open for ${inWholeSeconds(session.transactionSeconds)}; it waits for no lock`,
        ...(sleepsAlone.test(session.query ?? "")
          ? ["a sleep locks nothing: it keeps what earlier statements of its transaction have locked"]
          : []),
        ...(protectedBy === null
          ? []
          : [
              `not touched: ${protectedBy}; ${replays ? replayEnds : whatElse(session, view.evidence.target.engine)}`,
            ]),
        ...(blocker.unseen === null ? [] : [unseenNotes[blocker.unseen]]),
        ...(anotherWay === null ? [] : [anotherWay]),
      ],
      explains: [
        {
          cause: "long-running-query",
          subject: blocker.member.key,
          because: "it is the statement that holds the locks",
        },
        ...blocker.member.holds
          .filter(({ mode }) => mode === "AUTO_INC")
          .map(({ object }) => ({
            cause: "latch-contention" as const,
            subject: `auto-increment:${object}`,
            because: "it keeps the lock of the table's counter until it ends",
          })),
      ],
      actions: actionsOf(view, blocker, session),
    }),
  ];
}

function anotherWayOf(view: View, blocking: Blocking, blocker: Blocker): string | null {
  if (filledTable(blocker.member)) return fillsLater;
  return changesWhatIsWanted(blocking, blocker)
    ? withoutBlocking(blocker.session?.query ?? null, view.evidence.target.engine)
    : null;
}

function fillsText(member: LockMember): string {
  const filled = filledTable(member);
  return filled
    ? ` that fills ${lockObject(filled)}, locked whole before it in its transaction (by ALTER TABLE, or LOCK TABLE),`
    : "";
}

/** What its transaction has locked before keeps others waiting, however it works now. REINDEX may name an index alone. */
function changesWhatIsWanted({ graph }: Blocking, { member, session }: Blocker): boolean {
  const query = session?.query ?? "";
  const [table] = /[\w$]+$/.exec(mostWanted(graph, member)?.wait.object.replaceAll(/["`]/g, "") ?? "") ?? [];
  return table === undefined || /^\s*reindex\b/i.test(query) || mentions(query, table);
}

const isStandby = /^it is a standby/;

/** Of a standby's own processes none but the one that replays locks tables. */
function isReplay({ server, evidence }: View, { kind }: Session): boolean {
  return (
    evidence.target.engine === "postgres" &&
    kind === "system" &&
    isStandby.test(server?.readOnlyBecause ?? "")
  );
}

/** https://www.postgresql.org/docs/current/hot-standby.html#HOT-STANDBY-CONFLICT */
const replayEnds = "its transaction (DROP, TRUNCATE, ALTER, VACUUM) ends on the primary: look there";

/** SELECT SLEEP(…), DO SLEEP(…), SELECT pg_sleep(…), of no table. */
const sleepsAlone = /^\s*(?:select|do)\s+(?:pg_catalog\.)?(?:pg_sleep\w*|sleep)\s*\((?!.*\bfrom\b)/is;

function whatRuns({ kind, waitEvent, statementSeconds }: Session): string {
  const age = duration(statementSeconds);
  if (kind === "autovacuum") return `1 autovacuum worker running for ${age}`;
  return waitKindOf(waitEvent) === "pausing-on-purpose"
    ? `1 session put to sleep by its own statement for ${age}`
    : `1 statement running for ${age}`;
}

/** https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-TABLES (held "until end of transaction") */
const fillsLater =
  "what would change it: COMMIT after an ALTER TABLE, then fill it in batches that commit each";

const unseenNotes = {
  flush:
    "a FLUSH TABLES wants the table closed that this statement uses; ending the FLUSH frees nobody, since its mark on the table stays: this statement has to end, by itself or by a person's word",
  "table-level":
    "its engine (MyISAM, MEMORY and their like) locks whole tables: who reads keeps writers waiting, and readers queue behind those; no view shows who has such a lock, this is the oldest statement on the table that does not wait. InnoDB locks rows: ALTER TABLE … ENGINE = InnoDB, in a quiet hour",
} as const;

function actionsOf(view: View, blocker: Blocker, session: Session): readonly ProposedAction[] {
  // Without transactions, a change that is ended stays half done.
  if (blocker.unseen === "table-level" && !isReadOnlyStatement(session.query)) return [];
  const relief = reliefOf(view, blocker);
  const cancels = blocker.unseen !== null || endsWithItsStatement(view, session);
  return [...(cancels ? cancelStatement(view, session, relief) : []), ...endSession(view, session, relief)];
}

function whatElse(session: Session, engine: Engine): string {
  if (session.ending !== undefined) return locksAfterEnding(session, engine);
  if (waitKindOf(session.waitEvent) === "commit-awaits-replica") {
    return "mend the replica that it waits for";
  }
  if (session.wraparound) {
    return "let it finish, and cancel the DDL that waits behind it instead: that can be repeated";
  }
  switch (session.kind) {
    case "autovacuum":
      return "the engine cancels it when it stands in the way of a lock request";
    case "parallel-worker":
      return `cancel its leader${session.leaderId === null ? "" : ` (${session.leaderId})`} by hand if it cannot wait`;
    case "event":
      return "ask its owner to end it (KILL), and ALTER EVENT … DISABLE it, or it comes again";
    case "replication":
    case "system":
      return "it ends by itself; cancel what queues behind it if that cannot wait";
    case "client":
      return "ask its owner to end it, or cancel what queues behind it";
    default:
      return session.kind satisfies never;
  }
}
